import { closeSync, openSync, writeSync } from 'node:fs';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';

/** A Parquet file whose row groups lie far apart: the disk holds no more than what is in them. */
export interface SparseParquet {
  size: number;
  events: number;
  /** Of one column, all row groups together. */
  columnBytes: number;
}

/**
 * Writes columns `MET_pt`, `MET_phi` and `weight` of as many events in each row group, uncompressed.
 * @param hole bytes of nothing behind each row group
 */
export function writeSparseParquet(path: string, { groups = 4, events = 100_000, hole = 2.5e9 } = {}): SparseParquet {
  const writer = new ByteWriter();
  const file = openSync(path, 'w');
  const flush = () => {
    writeSync(file, writer.getBytes(), 0, writer.index, writer.offset - writer.index);
    writer.index = 0;
  };
  const names = ['MET_pt', 'MET_phi', 'weight'];
  const parquet = new ParquetWriter({
    writer,
    codec: 'UNCOMPRESSED',
    schema: [
      { name: 'root', num_children: names.length },
      ...names.map((name) => ({ name, type: 'DOUBLE' as const, repetition_type: 'REQUIRED' as const })),
    ],
  });
  for (let group = 0; group < groups; group++) {
    const columnData = names.map((name, k) => ({
      name,
      data: Float64Array.from({ length: events }, (_, i) => ((i * (7 + k) + group) % 1000) / 10),
      encoding: 'PLAIN' as const,
    }));
    void parquet.write({ columnData, rowGroupSize: events });
    flush();
    writer.offset += hole;
  }
  void parquet.finish();
  flush();
  closeSync(file);
  return { size: writer.offset, events: groups * events, columnBytes: groups * events * 8 };
}
