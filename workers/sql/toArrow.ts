import {
  Bool,
  type Data,
  type DataType,
  Dictionary,
  Field,
  Float32,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  List,
  makeData,
  makeVector,
  RecordBatch,
  Schema,
  Struct,
  Table,
  tableToIPC,
  Uint8,
  Uint16,
  Uint32,
  Uint64,
  Utf8,
} from 'apache-arrow';
import type { ColumnData, ColumnInfo, ValueType } from '../../core/schema/column.ts';

/** A column with its values. */
export interface Column {
  info: ColumnInfo;
  data: ColumnData;
}

const TYPES: Record<Exclude<ValueType, 'bool' | 'string'>, new () => DataType> = {
  int8: Int8,
  uint8: Uint8,
  int16: Int16,
  uint16: Uint16,
  int32: Int32,
  uint32: Uint32,
  int64: Int64,
  uint64: Uint64,
  float32: Float32,
  float64: Float64,
};

/**
 * Columns as one record batch in Arrow's stream format. Strings keep their dictionary, lists their offsets.
 * @see https://arrow.apache.org/docs/format/Columnar.html#ipc-streaming-format
 */
export function toArrow(columns: readonly Column[]): Uint8Array {
  const children = columns.map(({ data }) => columnData(data));
  const fields = columns.map(({ info }, k) => new Field(info.name, children[k]!.type, true));
  const schema = new Schema(fields);
  const length = columns[0]?.data.length ?? 0;
  const rows = makeData({ type: new Struct(fields), length, nullCount: 0, children });
  return tableToIPC(new Table([new RecordBatch(schema, rows)]), 'stream');
}

function columnData({ type, length, offsets, values, valid, dictionary }: ColumnData): Data {
  const count = offsets.reduce((n, level) => level[n]!, length);
  let data = valueData(type, values.subarray(0, count) as ColumnData['values'], valid?.subarray(0, count), dictionary);
  for (let level = offsets.length - 1; level >= 0; level--) {
    const rows = offsets.slice(0, level).reduce((n, outer) => outer[n]!, length);
    data = makeData({
      type: new List(new Field('item', data.type, true)),
      length: rows,
      nullCount: 0,
      valueOffsets: Int32Array.from(offsets[level]!.subarray(0, rows + 1)),
      child: data,
    });
  }
  return data;
}

function valueData(
  type: ValueType,
  values: ColumnData['values'],
  valid: Uint8Array | undefined,
  dictionary: readonly string[] | undefined,
): Data {
  const { length } = values;
  const missing = valid ? valid.reduce((sum, there) => sum + (there ? 0 : 1), 0) : 0;
  const common = { length, nullCount: missing, ...(missing > 0 && { nullBitmap: packBits(valid!) }) };
  if (type === 'bool') {
    return makeData({ ...common, type: new Bool(), data: packBits(values as Uint8Array) });
  }
  if (type === 'string') {
    return makeData({
      ...common,
      type: new Dictionary(new Utf8(), new Uint32()),
      data: values as Uint32Array,
      dictionary: makeVector(utf8(dictionary ?? [])),
    });
  }
  return makeData({ ...common, type: new TYPES[type](), data: values } as Parameters<typeof makeData>[0]);
}

function packBits(bytes: Uint8Array): Uint8Array {
  const bits = new Uint8Array((bytes.length + 7) >> 3);
  for (let i = 0; i < bytes.length; i++) if (bytes[i]) bits[i >> 3]! |= 1 << (i & 7);
  return bits;
}

function utf8(strings: readonly string[]): Data<Utf8> {
  const encoder = new TextEncoder();
  const parts = strings.map((text) => encoder.encode(text));
  const valueOffsets = new Int32Array(parts.length + 1);
  for (const [k, part] of parts.entries()) valueOffsets[k + 1] = valueOffsets[k]! + part.length;
  const data = new Uint8Array(valueOffsets[parts.length]!);
  for (const [k, part] of parts.entries()) data.set(part, valueOffsets[k]);
  return makeData({ type: new Utf8(), length: parts.length, nullCount: 0, valueOffsets, data });
}
