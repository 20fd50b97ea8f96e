/** What the server is put together from: each part is made elsewhere, and knows nothing of HTTP routes but its own. */
import type { FastifyPluginAsync } from 'fastify';
import type { ControlMessage } from '../../core/ingest/controlMessage.ts';
import type { Declaration } from '../../core/ingest/declaration.ts';
import type { DatasetProgress, Tell } from '../../core/ingest/happening.ts';
import type { ObjectStore } from '../../workers/objects/objectStore.ts';

/** What the API does with messages and declarations, and what it says of datasets. */
export interface Intake {
  /** Keeps a message. `again`: it was known. `staged`: its object is there. */
  message(message: ControlMessage): Promise<{ again: boolean; staged: boolean }>;
  /** Keeps a declaration. `again`: nothing changed. @throws LumiscopeError `document` where it contradicts the one that is there */
  declare(declaration: Declaration): Promise<{ again: boolean }>;
  datasets(): Promise<DatasetProgress[]>;
  dataset(name: string): Promise<DatasetProgress | undefined>;
  /** Has a dataset that failed, or is published, validated anew. @returns false where there is no such dataset. @throws LumiscopeError `document` where a consumer still has to end with it */
  retry(name: string): Promise<boolean>;
}

/** One thing that has to be right for the relay to work. `reason`: what is wrong, or how it stands; for people. */
export interface Check {
  name: string;
  ok: boolean;
  reason: string;
}

/** Routes of a part, on the server or below a path; each says by `config.access` who may ask. */
export type Routes = FastifyPluginAsync;

export interface RelayParts {
  objects: ObjectStore;
  tell: Tell;
  intake: Intake;
  /** `/range`. */
  proxy?: Routes;
  /** `/metrics`, `/v1/monitor`, `/v1/monitor/stream`, `/v1/self-test`. */
  monitor?: Routes;
  /** Of loops in this process: whether they are alive. */
  checks?: (() => Promise<Check[]>)[];
}
