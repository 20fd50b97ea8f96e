/** Encoders for tests, as plain as can be. */

export const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))];

/** A run of one value. */
export const rle = (width: number, value: number, count: number): number[] => [
  ...varint(count * 2),
  ...Array.from({ length: (width + 7) >> 3 }, (_, i) => (value >>> (8 * i)) & 255),
];

/** Groups of eight values, the lowest bit first. */
export function packed(width: number, values: number[]): number[] {
  const groups = Math.ceil(values.length / 8);
  const bytes = new Array<number>(groups * width).fill(0);
  values.forEach((value, i) => {
    for (let bit = 0; bit < width; bit++) {
      const at = i * width + bit;
      bytes[at >> 3]! |= ((value >>> bit) & 1) << (at & 7);
    }
  });
  return [...varint(groups * 2 + 1), ...bytes];
}

/** A run: one value so many times, or groups of eight. */
export type TestRun = { value: number; count: number } | number[][];

export function encodeRuns(width: number, runs: TestRun[]): { bytes: Uint8Array; values: number[] } {
  const values = runs.flatMap((run) =>
    Array.isArray(run) ? run.flat() : new Array<number>(run.count).fill(run.value),
  );
  const bytes = runs.flatMap((run) =>
    Array.isArray(run) ? packed(width, run.flat()) : rle(width, run.value, run.count),
  );
  return { bytes: Uint8Array.from(bytes), values };
}
