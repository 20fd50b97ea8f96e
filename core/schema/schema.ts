import type { ColumnInfo } from './column.ts';

/** A field of a collection or record. */
export interface Field {
  /** Without the collection's prefix: `pt`. */
  name: string;
  /** The column behind it: `Muon_pt`. */
  column: ColumnInfo;
  /** Where known: `GeV`. */
  unit?: string;
}

/** `Muon.jet`: an item of another collection, by an index column. */
export interface Reference {
  name: string;
  /** Name of the target collection. */
  target: string;
  /** The index column: `Muon_jetIdx`. */
  column: ColumnInfo;
}

/** Items per event: `Muon`. */
export interface Collection {
  name: string;
  fields: Field[];
  references: Reference[];
  /** A column that is the collection itself: a bare list of numbers such as `LHEPdfWeight`. */
  self?: ColumnInfo;
  /** The flat column that counts the items (`nMuon`), if there is one. */
  count?: ColumnInfo;
}

/** Event values that share a prefix: `MET.pt`, `HLT.IsoMu24`. */
export interface RecordGroup {
  name: string;
  fields: Field[];
}

/** Columns turned into collections (DESIGN section 3). */
export interface Schema {
  collections: Map<string, Collection>;
  records: Map<string, RecordGroup>;
  /** Every column by its raw name; raw names always work in expressions. */
  columns: Map<string, ColumnInfo>;
}
