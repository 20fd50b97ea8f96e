/** What is asked about single events of the open data: tables, one event, where an event is, an example of a value. */
import type { AnalysisDocument } from '../../core/analysis/document.ts';
import { LumiscopeError } from '../../core/errors.ts';
import type {
  EventAddress,
  EventNumber,
  EventRecord,
  EventTable,
  FoundEvents,
  InspectOptions,
  PieceRecord,
  TableOptions,
} from '../../workers/eventTable.ts';
import type { FileAddress } from '../../workers/io/byteSource.ts';
import { openFiles } from './openFiles.ts';
import type { Workshop } from './types.ts';

export interface EventQuestions {
  /** The events that pass all cuts of the document and lie in all brushes. @throws LumiscopeError as `DataSession.events` */
  events(options: TableOptions): Promise<EventTable>;
  /** Bytes that a table of these values fetches from other hosts. @throws LumiscopeError as `DataSession.events` */
  eventsBytes(values: readonly string[]): Promise<number>;
  /** @throws LumiscopeError as `DataSession.inspect` */
  inspect(address: EventAddress, options?: InspectOptions): Promise<EventRecord>;
  /** @throws LumiscopeError as `DataSession.findEvent` */
  findEvent(number: EventNumber, signal?: AbortSignal): Promise<FoundEvents>;
  /**
   * What an expression is in the first event that passes (or in the first one at all); undefined while no run is done. The answer
   * for an expression is kept until the document changes.
   */
  exampleValue(expression: string): Promise<PieceRecord | undefined>;
}

/** The questions about the document and the files that are open now. */
export function createEventQuestions({ store, session }: Workshop): EventQuestions {
  let examples: { document: AnalysisDocument; first: Promise<EventAddress>; values: Map<string, Promise<PieceRecord>> };

  function open(): { document: AnalysisDocument; files: FileAddress[][] } {
    const { document } = store.getState();
    const files = openFiles(store.getState());
    if (!document || !files)
      throw new LumiscopeError('source', 'the data are not open', { hint: 'open all files of the analysis first' });
    return { document, files };
  }

  /** The document with what plots have marked as its last cuts. */
  async function underBrushes({ document, files }: ReturnType<typeof open>): Promise<ReturnType<typeof open>> {
    const { brushes, schema } = store.getState();
    if (brushes.length === 0 || !schema) return { document, files };
    const { cutByBrushes } = await import('./brushRun.ts');
    return { document: await cutByBrushes(document, schema, brushes), files };
  }

  async function firstEvent(): Promise<EventAddress> {
    const { document, files } = open();
    const { rows, dataset, file, event } = await session.events(document, files, {
      values: [],
      limit: 1,
      stopAtLimit: true,
    });
    return rows > 0 ? { dataset: dataset[0]!, file: file[0]!, event: event[0]! } : { dataset: 0, file: 0, event: 0 };
  }

  const inspect: EventQuestions['inspect'] = async (address, options) => {
    const { document, files } = open();
    return session.inspect(document, files, address, options);
  };

  return {
    async events(options) {
      const { document, files } = await underBrushes(open());
      return session.events(document, files, options);
    },
    async eventsBytes(values) {
      const { document, files } = await underBrushes(open());
      const isForeign = store.getState().files.some((set) => set.some(({ hosts }) => hosts !== undefined));
      return isForeign ? session.eventsBytes(document, files, values) : 0;
    },
    inspect,
    async findEvent(number, signal) {
      return session.findEvent(open().files, number, signal);
    },
    async exampleValue(expression) {
      const { phase, document } = store.getState();
      if (phase !== 'done' || !document) return undefined;
      if (examples?.document !== document) examples = { document, first: firstEvent(), values: new Map() };
      const { first, values } = examples;
      const known = values.get(expression);
      if (known) return known;
      const value = first
        .then((address) => inspect(address, { values: [expression] }))
        .then((record) => record.values[0]!);
      values.set(expression, value);
      value.catch(() => values.delete(expression));
      return value;
    },
  };
}
