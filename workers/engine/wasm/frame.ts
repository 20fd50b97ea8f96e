/**
 * The frame: a block of the heap with everything that a run keeps between slices and that the event loop finds by fixed
 * offsets: addresses of columns, histograms and scratch, and the sums.
 */
export class FrameLayout {
  size = 0;
  private readonly places = new Map<string, number>();

  private place(name: string, bytes: number): number {
    let at = this.places.get(name);
    if (at === undefined) {
      at = Math.ceil(this.size / bytes) * bytes;
      this.places.set(name, at);
      this.size = at + bytes;
    }
    return at;
  }

  /** Offset of a 4-byte cell. */
  cell(name: string): number {
    return this.place(name, 4);
  }

  /** Offset of an 8-byte cell. */
  wide(name: string): number {
    return this.place(name, 8);
  }

  /** Offset of a run of `count` 16-byte cells. */
  quads(name: string, count: number): number {
    let at = this.places.get(name);
    if (at === undefined) {
      at = Math.ceil(this.size / 16) * 16;
      this.places.set(name, at);
      this.size = at + 16 * count;
    }
    return at;
  }

  /** Names of all cells with a prefix, without it, and their offsets. */
  withPrefix(prefix: string): [string, number][] {
    return [...this.places]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, at]) => [name.slice(prefix.length), at]);
  }
}

/** Names of the frame's cells: what the generator reads there and the host puts there. */
export const cells = {
  values: (column: string) => `values:${column}`,
  valid: (column: string) => `valid:${column}`,
  /** Table from a column's string codes to interned strings. */
  strings: (column: string) => `strings:${column}`,
  offsets: (collection: string) => `offsets:${collection}`,
  /** A table of four-vectors, one row an item of the event; and how many rows it has. */
  vectors: (table: number) => `vectors:${table}`,
  vectorRows: (table: number) => `vectorRows:${table}`,
  /** A constant array (edges, categories), by number. */
  constants: (k: number) => `constants:${k}`,
  histogram: (k: number) => `histogram:${k}`,
  /** Of a histogram in tiles: the table of their addresses, its length less one, where the next tile goes, and where the block ends. */
  tileTable: (k: number) => `tileTable:${k}`,
  tileMask: (k: number) => `tileMask:${k}`,
  tileNext: (k: number) => `tileNext:${k}`,
  tileEnd: (k: number) => `tileEnd:${k}`,
  /** Which of the private copies is filled next, in bytes. */
  copy: (k: number) => `copy:${k}`,
  entries: (k: number) => `entries:${k}`,
  missing: (k: number) => `missing:${k}`,
  passed: (row: number) => `passed:${row}`,
  /** Σw and Σw² of a cutflow's row, in as many copies as a small histogram has. */
  sums: (row: number) => `sums:${row}`,
  missingWeight: 'missingWeight',
  /** The buffer of a table's rows, and how many are in it. */
  table: 'table',
  tableRows: 'tableRows',
  /** Of a table's list: where the next item goes, and where its buffer ends. */
  listNext: (k: number) => `listNext:${k}`,
  listEnd: (k: number) => `listEnd:${k}`,
  scratch: 'scratch',
  scratchEnd: 'scratchEnd',
  /** 32 bytes for one four-vector. */
  vector: ['vector:0', 'vector:1', 'vector:2', 'vector:3'],
} as const;
