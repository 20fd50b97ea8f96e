import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { AnalysisDocument, Dataset, HistogramSpec } from '../../core/analysis/document.ts';
import { type Contents, contentBytes } from '../../core/hist/contents.ts';
import type { EngineName, PartialResult } from '../engine/engine.ts';
import type { SessionFile } from './files.ts';

export type Cutflow = Pick<PartialResult, 'events' | 'cutflow' | 'missingWeight'>;

/** What the numbers of one data set depend on: not names of cuts, labels, titles or other histograms. */
export interface Signature {
  cutflow: string;
  /** In the document's order. */
  histograms: string[];
}

export function signatureOf(
  document: AnalysisDocument,
  dataset: Dataset,
  files: readonly SessionFile[],
  engine: EngineName,
): Signature {
  const cutflow = JSON.stringify([
    engine,
    files.map(({ id }) => id),
    document.define.map(({ name, expression }) => [name, expression]),
    document.select.filter(({ enabled }) => enabled).map(({ expression }) => expression),
    document.weight ?? null,
    document.lumis && (dataset.lumis ?? document.lumis.map(({ run, blocks }) => [run, blocks])),
    Object.entries(document.defaults).sort(([a], [b]) => (a < b ? -1 : 1)),
  ]);
  // Short: a thousand histograms have the definitions, which may be long, in common.
  const events = bytesToHex(sha256(utf8ToBytes(cutflow)));
  return { cutflow: events, histograms: document.histograms.map((spec) => events + fillOf(spec)) };
}

function fillOf({ axes, select, weight, storage, sample, per }: HistogramSpec): string {
  const binned = axes.map(({ value, bins, range, scale, edges, categories, boolean }) => [
    value,
    bins,
    range,
    scale,
    edges,
    categories,
    boolean,
  ]);
  return JSON.stringify([binned, select, weight, storage, sample, per]);
}

/** Numbers of past runs, so that editing a document runs again only what changed. Least recently used out first. */
export class ResultCache {
  readonly #limit: number;
  readonly #entries = new Map<string, { value: Cutflow | Contents; bytes: number }>();
  #bytes = 0;

  /** @param limit bytes of histogram contents */
  constructor(limit: number) {
    this.#limit = limit;
  }

  cutflow(signature: Signature): Cutflow | undefined {
    return this.#get(signature.cutflow) as Cutflow | undefined;
  }

  histogram(signature: Signature, index: number): Contents | undefined {
    return this.#get(signature.histograms[index]!) as Contents | undefined;
  }

  /** Keeps a complete result of all the signature's histograms. */
  keep(signature: Signature, { events, cutflow, missingWeight, histograms }: PartialResult): void {
    this.#set(signature.cutflow, { events, cutflow, missingWeight }, cutflow.byteLength);
    histograms.forEach((histogram, index) => {
      this.#set(signature.histograms[index]!, histogram, contentBytes(histogram));
    });
  }

  #get(key: string): Cutflow | Contents | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  #set(key: string, value: Cutflow | Contents, contents: number): void {
    this.#drop(key);
    const bytes = contents + 2 * key.length;
    if (bytes > this.#limit) return;
    this.#entries.set(key, { value, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#limit) break;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    this.#bytes -= this.#entries.get(key)?.bytes ?? 0;
    this.#entries.delete(key);
  }
}
