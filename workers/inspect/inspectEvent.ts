import type { AnalysisDocument } from '../../core/analysis/document.ts';
import { type Inspection, inspectDocument, type Piece } from '../../core/analysis/inspection.ts';
import { toPlain } from '../../core/errors.ts';
import { buildSchema } from '../../core/schema/build.ts';
import type { ColumnData } from '../../core/schema/column.ts';
import { identityColumn } from '../../core/schema/eventIdentity.ts';
import type { Schema } from '../../core/schema/schema.ts';
import { instantiateLibm } from '../engine/libm/libm.ts';
import { ReferenceChunk } from '../engine/reference/chunk.ts';
import { Interpreter } from '../engine/reference/interpreter.ts';
import type { EventRecord, InspectOptions, PieceRecord, Shown } from '../eventTable.ts';
import type { FileSummary } from '../formats/eventFile.ts';
import { shownColumn } from './oneEvent.ts';
import { Shower } from './shown.ts';

/** What is asked of one event. */
export interface InspectRequest extends InspectOptions {
  document: AnalysisDocument;
  /** Position among the document's data sets. */
  dataset: number;
}

/** The reference interpreter's look at one event: every piece of the document by itself. */
export class EventInspection {
  /** Columns that have to be read. */
  readonly columns: string[];
  readonly #inspection: Inspection;
  readonly #schema: Schema;

  constructor({ document, dataset, values, columns }: InspectRequest, { columns: infos }: FileSummary) {
    this.#schema = buildSchema(infos);
    this.#inspection = inspectDocument(document, this.#schema, document.datasets[dataset], values);
    const all = infos.map(({ name }) => name);
    const known = new Set(all);
    const more = columns === 'all' ? all : (columns ?? []).filter((name) => known.has(name));
    const needed = new Set([...this.#inspection.columns, ...more]);
    this.columns = all.filter((name) => needed.has(name));
  }

  /** @param data columns as `columns` names them, each with one event */
  async record(data: readonly ColumnData[]): Promise<Omit<EventRecord, 'address' | 'allBytes'>> {
    const { columns } = this;
    const { context, collections, definitions, cuts, weight, values } = this.#inspection;
    const byName = new Map(columns.map((name, k) => [name, data[k]!]));
    const chunk = new ReferenceChunk({ columns, collections, cuts: [], histograms: [] }, [...data]);
    const libm = await instantiateLibm(new WebAssembly.Memory({ initial: 1 }));
    const interpreter = new Interpreter(chunk, libm, 0);
    const shower = new Shower(context, chunk, interpreter, new Set(columns));
    const recordOf = ({ expression, value, words = '', error }: Piece): PieceRecord => {
      if (error || !value) return { expression, words, value: null, ...(error && { error }) };
      try {
        return { expression, words, value: shower.show(value) };
      } catch (failure) {
        return { expression, words, value: null, error: toPlain(failure) };
      }
    };
    const identity = (part: 'run' | 'block' | 'event'): Shown => {
      const name = identityColumn(this.#schema, part);
      return name === undefined ? null : shownColumn(byName.get(name)!);
    };
    return {
      run: identity('run') as number | bigint | null,
      block: identity('block') as number | bigint | null,
      event: identity('event') as number | bigint | null,
      columns: columns.map((name) => ({ name, value: shownColumn(byName.get(name)!) })),
      definitions: definitions.map((piece) => ({ name: piece.name, ...recordOf(piece) })),
      cuts: cuts.map((piece) => {
        const { value, words, ...record } = recordOf(piece);
        return {
          ...record,
          name: piece.name,
          enabled: piece.enabled,
          value: typeof value === 'boolean' ? value : null,
          parts: piece.parts.flatMap((part) => {
            const shown = recordOf({ expression: '', value: part.value });
            return shown.error ? [] : [{ span: part.span, value: shown.value }];
          }),
        };
      }),
      ...(weight && { weight: recordOf(weight) }),
      values: values.map(recordOf),
    };
  }
}
