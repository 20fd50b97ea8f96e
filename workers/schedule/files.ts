import { buildSchema } from '../../core/schema/build.ts';
import type { ColumnInfo } from '../../core/schema/column.ts';
import type { Schema } from '../../core/schema/schema.ts';
import type { FileIndex, FileSummary } from '../formats/eventFile.ts';
import type { FileAddress } from '../io/byteSource.ts';
import { publicUrl } from '../io/publicUrl.ts';
import { Admission } from './admission.ts';
import type { WorkerPool } from './pool.ts';
import type { KnownRange, OpenedFile } from './workerApi.ts';

/** A file that the session knows. */
export interface SessionFile {
  /** Stands for this version of the file in every key of the session. */
  id: number;
  /** What messages and results call it. */
  name: string;
  summary: FileSummary;
  /** Bytes that spare a worker the reading of the footer; may be empty. */
  metadata: KnownRange[];
  index?: FileIndex;
  /** Files with the same columns share one. */
  schema: Schema;
}

/** Footers that one worker reads at a time. */
const OPENS_PER_WORKER = 4;
/** Footers that are kept for the other workers, each of which keeps a copy. */
const METADATA_BYTES = 32e6;

/** The files of a session: each is opened once, in some worker. */
export class SessionFiles {
  readonly #pool: WorkerPool;
  readonly #files = new Map<string, Promise<SessionFile>>();
  readonly #doubted = new Set<string>();
  /** Files of one kind share their list of columns: there may be thousands of both. */
  readonly #schemas = new Map<string, { columns: ColumnInfo[]; schema: Schema }>();
  readonly #blobs = new WeakMap<Blob, number>();
  readonly #opening: number[];
  readonly #admission: Admission;
  #metadataBytes = 0;
  #blobCount = 0;
  #count = 0;

  constructor(pool: WorkerPool) {
    this.#pool = pool;
    this.#opening = Array.from({ length: pool.size }, () => 0);
    this.#admission = new Admission(OPENS_PER_WORKER * pool.size);
  }

  /** @throws LumiscopeError `source` or `format`; the next call tries again */
  open(address: FileAddress): Promise<SessionFile> {
    const key = this.#keyOf(address);
    const known = this.#files.get(key);
    if (known && !this.#doubted.has(key)) return known;
    this.#doubted.delete(key);
    const file = this.#open(address, known);
    this.#files.set(key, file);
    file.catch(() => {
      if (this.#files.get(key) !== file) return;
      // Should it be the same version once it can be reached again, all that is known of it still holds.
      if (known) this.#doubted.add(key);
      if (known) this.#files.set(key, known);
      else this.#files.delete(key);
    });
    return file;
  }

  /** After an error of its source: the next `open` looks whether it is still the same version. */
  doubt(name: string): void {
    for (const [key, file] of this.#files) {
      void file.then(
        (known) => known.name === name && this.#doubted.add(key),
        () => {},
      );
    }
  }

  async #open(address: FileAddress, before: Promise<SessionFile> | undefined): Promise<SessionFile> {
    const { summary, metadata, index } = await this.#read(address);
    const known = await before;
    const pinned = summary.file;
    if (
      known &&
      pinned.etag !== undefined &&
      known.summary.file.etag === pinned.etag &&
      known.summary.file.size === pinned.size
    )
      return known;
    const key = JSON.stringify(summary.columns);
    const { columns, schema } = this.#schemas.get(key) ?? {
      columns: summary.columns,
      schema: buildSchema(summary.columns),
    };
    this.#schemas.set(key, { columns, schema });
    return {
      id: this.#count++,
      name: nameOf(address),
      summary: { ...summary, columns },
      metadata: this.#withinBudget(metadata),
      ...(index && { index }),
      schema,
    };
  }

  /** The ranges while there is room for them, else none: workers then read them again. */
  #withinBudget(metadata: KnownRange[]): KnownRange[] {
    const bytes = metadata.reduce((sum, range) => sum + range.bytes.length, 0);
    if (this.#metadataBytes + bytes > METADATA_BYTES) return [];
    this.#metadataBytes += bytes;
    return metadata;
  }

  async #read(address: FileAddress): Promise<OpenedFile> {
    const leave = await this.#admission.enter(1);
    const index = this.#opening.indexOf(Math.min(...this.#opening));
    this.#opening[index]!++;
    try {
      return await this.#pool.worker(index).call((api) => api.open(address));
    } finally {
      this.#opening[index]!--;
      leave();
    }
  }

  /** One file with another tree open is another file to the session. */
  #keyOf(address: FileAddress): string {
    const place = this.#placeOf(address);
    return address.tree === undefined ? place : `${place} tree ${address.tree}`;
  }

  #placeOf(address: FileAddress): string {
    switch (address.kind) {
      case 'url':
        return `url ${[address.url, ...(address.replicas ?? [])].join(' ')}`;
      case 'path':
        return `path ${address.path}`;
      case 'blob': {
        const { blob, name } = address;
        if (blob instanceof File) return `file ${name} ${blob.size} ${blob.lastModified}`;
        const number = this.#blobs.get(blob) ?? this.#blobCount++;
        this.#blobs.set(blob, number);
        return `blob ${number}`;
      }
    }
  }
}

/** What messages and results call a file. */
export function nameOf(address: FileAddress): string {
  switch (address.kind) {
    case 'url':
      return publicUrl(address.url);
    case 'path':
      return address.path;
    case 'blob':
      return address.name;
  }
}
