/** Writes small ntuples for tests, also such as no writer at hand makes; by the specification, and apart from the reader's code. */
import { createXXHash3 } from 'hash-wasm';
import type { EventFile } from '../../eventFile.ts';
import type { RootKey } from '../rootFile.ts';
import { openNTuple } from './openNTuple.ts';

export interface TestField {
  name: string;
  type: string;
  /** Its own number, at the top, where it is left out. */
  parent?: number;
  role?: number;
  version?: number;
  repetition?: number;
  source?: number;
}

export interface TestColumn {
  type: number;
  bits: number;
  field: number;
  representation?: number;
  firstElement?: number;
  range?: [number, number];
}

export interface TestPage {
  bytes: Uint8Array;
  elements: number;
  /** Left out where undefined. */
  checksum?: 'right' | 'wrong';
  /** Bytes that its locator claims, where not its own. */
  claims?: number;
  /** As a locator with 64 bits of size. */
  large?: true;
}

export interface TestSchema {
  fields: TestField[];
  columns: TestColumn[];
  aliases?: { column: number; field: number }[];
}

export interface TestCluster {
  firstEvent: number;
  events: number;
  flags?: number;
  /** By column. */
  pages: (TestPage[] | 'suppressed')[];
}

export interface TestNTuple extends TestSchema {
  extension?: TestSchema;
  groups: TestCluster[][];
  features?: bigint;
  maxKeyBytes?: number;
  epoch?: number;
  /** Changes the bytes of the whole file, with the places of all envelopes as they were. */
  damage?: (bytes: Uint8Array) => void;
}

const hasher = await createXXHash3();
const hash = (bytes: Uint8Array): Uint8Array => hasher.init().update(bytes).digest('binary').reverse();

const joined = (...parts: Uint8Array[]): Uint8Array => {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
};
const u16 = (...values: number[]) => new Uint8Array(Uint16Array.from(values).buffer);
const u32 = (...values: number[]) => new Uint8Array(Uint32Array.from(values).buffer);
const u64 = (...values: (number | bigint)[]) => new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer);
const f64 = (...values: number[]) => new Uint8Array(Float64Array.from(values).buffer);
const text = (value: string) => {
  const bytes = new TextEncoder().encode(value);
  return joined(u32(bytes.length), bytes);
};
const record = (...parts: Uint8Array[]) => {
  const inner = joined(...parts);
  return joined(u64(8 + inner.length), inner);
};
const list = (items: Uint8Array[], ...after: Uint8Array[]) => {
  const inner = joined(...items, ...after);
  return joined(u64(-(12 + inner.length)), u32(items.length), inner);
};
const envelope = (type: number, ...parts: Uint8Array[]) => {
  const payload = joined(...parts);
  const bytes = joined(u64((BigInt(payload.length + 16) << 16n) | BigInt(type)), payload);
  return joined(bytes, hash(bytes));
};

function schema({ fields, columns, aliases = [] }: TestSchema, first: number): Uint8Array {
  return joined(
    list(
      fields.map(({ name, type, parent, role = 0, version = 0, repetition, source }, i) => {
        const flags = (repetition === undefined ? 0 : 1) | (source === undefined ? 0 : 2);
        const optional = [
          ...(repetition === undefined ? [] : [u64(repetition)]),
          ...(source === undefined ? [] : [u32(source)]),
        ];
        const texts = [text(name), text(type), text(''), text('')];
        return record(u32(version, 0, parent ?? first + i), u16(role, flags), ...texts, ...optional);
      }),
    ),
    list(
      columns.map(({ type, bits, field, representation = 0, firstElement, range }) => {
        const flags = (firstElement === undefined ? 0 : 1) | (range ? 2 : 0);
        const optional = [
          ...(firstElement === undefined ? [] : [u64(firstElement)]),
          ...(range ? [f64(...range)] : []),
        ];
        // What a newer writer may add is skipped.
        return record(u16(type, bits), u32(field), u16(flags, representation), ...optional, u32(0xdead));
      }),
    ),
    list(aliases.map(({ column, field }) => record(u32(column, field)))),
    list([]),
  );
}

/** The bytes of a file, and where its anchor's key would say that things are. */
export function writeNTuple(ntuple: TestNTuple): { bytes: Uint8Array; anchor: Uint8Array } {
  const { groups, extension, features = 0n, maxKeyBytes = 0, epoch = 1 } = ntuple;
  const file = [new TextEncoder().encode('root')];
  let length = 4;
  const place = (bytes: Uint8Array) => {
    file.push(bytes.slice());
    length += bytes.length;
    return length - bytes.length;
  };
  const header = envelope(1, u64(features), ...['Events', 'an ntuple', 'a test'].map(text), schema(ntuple, 0));
  const headerAt = place(header);
  const headerHash = header.slice(-8);
  const locator = (bytes: number, offset: number, large = false) =>
    large ? joined(u32(-((1 << 24) | 20) >>> 0), u64(bytes, offset)) : joined(u32(bytes), u64(offset));
  const links = groups.map((clusters) => {
    const summaries = clusters.map(({ firstEvent, events, flags = 0 }) =>
      record(u64(firstEvent, BigInt(events) | (BigInt(flags) << 56n))),
    );
    const pages = clusters.map((cluster) =>
      list(
        cluster.pages.map((column) =>
          column === 'suppressed'
            ? list([], u64(-(2n ** 63n)))
            : list(
                column.map(({ bytes, elements, checksum, large, claims = bytes.length }) => {
                  const right = hash(bytes);
                  if (checksum === 'wrong') right[0]! ^= 1;
                  const at = place(checksum ? joined(bytes, right) : bytes);
                  return joined(u32((checksum ? -elements : elements) >>> 0), locator(claims, at, large));
                }),
                u64(0),
                u32(0),
              ),
        ),
      ),
    );
    const bytes = envelope(3, headerHash, list(summaries), list(pages));
    const events = clusters.reduce((sum, cluster) => sum + cluster.events, 0);
    const span = u64(clusters[0]?.firstEvent ?? 0, events);
    return record(span, u32(clusters.length), u64(bytes.length), locator(bytes.length, place(bytes)));
  });
  const more = schema(extension ?? { fields: [], columns: [] }, ntuple.fields.length);
  const footer = envelope(2, u64(0), headerHash, record(more), list(links));
  const footerAt = place(footer);
  const fields = new DataView(new ArrayBuffer(64));
  fields.setUint16(0, epoch);
  const numbers = [headerAt, header.length, header.length, footerAt, footer.length, footer.length, maxKeyBytes];
  numbers.forEach((value, i) => {
    fields.setBigUint64(8 + 8 * i, BigInt(value));
  });
  const own = new Uint8Array(fields.buffer);
  const anchor = joined(new Uint8Array([0x40, 0, 0, 66, 0, 2]), own, hash(own).reverse());
  const bytes = joined(...file);
  ntuple.damage?.(bytes);
  return { bytes, anchor };
}

const KEY: RootKey = {
  ...{ name: 'Events', title: '', cycle: 1, className: 'ROOT::RNTuple', directory: '' },
  ...{ offset: 0, bytes: 0, keyBytes: 0, objectBytes: 78 },
};

/** Opens bytes as if they were a ROOT file with one ntuple, whose anchor is given. */
export function openBytes(bytes: Uint8Array, anchor: Uint8Array, className = KEY.className): Promise<EventFile> {
  const source = {
    ...{ url: 'test.root', size: bytes.length, etag: undefined },
    read: async (offset: number, length: number) => bytes.slice(offset, offset + length),
  };
  const address = { kind: 'path' as const, path: source.url };
  return openNTuple(
    { source, readBytes: async () => anchor },
    { ...KEY, className },
    { address, size: bytes.length, etag: undefined },
  );
}

export function openTestNTuple(ntuple: TestNTuple): Promise<EventFile> {
  const { bytes, anchor } = writeNTuple(ntuple);
  return openBytes(bytes, anchor);
}
