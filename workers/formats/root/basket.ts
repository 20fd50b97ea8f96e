import { Corrupt } from '../errors.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { unpackLent } from './unpack.ts';

/** A basket, or the part of a branch that lies in the tree's object, ready to be decoded. */
export interface Basket {
  entries: number;
  /** Values of all entries. */
  values: Uint8Array;
  /** Where each entry starts in `values`, and the end; undefined where all have the same length. */
  starts: Uint32Array | undefined;
}

/** A key up to the length of its own header. */
const KEY_BYTES = 18;
/** At the end of a basket's key: entries, end of the values (counted from the key), and a flag. */
const TAIL_BYTES = 9;

/**
 * A basket from its bytes in the file: its key, then packed values and, where entries differ in length, the table of their places.
 * @throws Corrupt
 * @see https://root.cern.ch/doc/master/classTBasket.html (TBasket::Streamer, TBasket::ReadBasketBuffers)
 */
export function readBasket(bytes: Uint8Array, kernels: Kernels): Basket {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < KEY_BYTES) throw new Corrupt('its key is cut short');
  const allBytes = view.getInt32(0);
  const objectBytes = view.getInt32(6);
  const keyBytes = view.getUint16(14);
  if (keyBytes < KEY_BYTES + TAIL_BYTES || allBytes < keyBytes || allBytes > bytes.length || objectBytes < 0)
    throw new Corrupt('its key tells lengths that do not fit');
  const entries = view.getInt32(keyBytes - TAIL_BYTES);
  const valueBytes = view.getInt32(keyBytes - TAIL_BYTES + 4) - keyBytes;
  if (entries < 0 || valueBytes < 0 || valueBytes > objectBytes)
    throw new Corrupt('its key tells lengths that do not fit');
  const object = unpackLent(kernels, bytes.subarray(keyBytes, allBytes), objectBytes);
  // Before the kernels do anything else.
  const values = object.buffer === bytes.buffer ? object.subarray(0, valueBytes) : object.slice(0, valueBytes);
  if (valueBytes === objectBytes) return { entries, values, starts: undefined };
  // The table: its length, and places that are counted from the key.
  const table = object.subarray(valueBytes);
  if (table.length < 4 * (entries + 1)) throw new Corrupt('its table of entries is cut short');
  const starts = new Uint32Array(entries + 1);
  starts.set(kernels.places(table.subarray(4, 4 * (entries + 1)), keyBytes, valueBytes));
  starts[entries] = valueBytes;
  return { entries, values, starts };
}

/** Whether the table of a basket that was read elsewhere fits it. @throws Corrupt */
export function checkStarts({ entries, values, starts }: Basket): void {
  if (!starts) return;
  let before = 0;
  for (let i = 0; i <= entries; i++) {
    const start = starts[i] ?? -1;
    if (start < before || start > values.length) throw new Corrupt('its table of entries does not fit');
    before = start;
  }
}
