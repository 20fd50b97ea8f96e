/** What happens in a relay: told once, where it happens; metrics, logs and the live view each take what they need. */
import type { IngestState } from './datasetState.ts';

export type Happening =
  /** A producer's object is in the store. `again`: it was there already. */
  | { kind: 'staged'; sha256: string; bytes: number; again: boolean; producer: string }
  /** A control message was kept. `bytes`: of the object that it is about. `again`: it was known. */
  | {
      kind: 'message';
      dataset: string;
      producer: string;
      events: number;
      files: number;
      bytes: number;
      again: boolean;
    }
  | { kind: 'declared'; dataset: string; files: number; events: number }
  /** An object is not among those chosen: it is never read. */
  | { kind: 'duplicate'; dataset: string; sha256: string; events: number }
  | { kind: 'validated'; dataset: string; generation: number; events: number; files: number; firstStaged: number }
  | { kind: 'inserting'; dataset: string; generation: number; consumer: string; attempt: number }
  | { kind: 'progress'; dataset: string; consumer: string; events: number }
  /** `bytes`: of the parts that were written. `traversal`: ms from the first staged object to the manifest. */
  | {
      kind: 'published';
      dataset: string;
      generation: number;
      consumer: string;
      events: number;
      bytes: number;
      ms: number;
      traversal: number;
    }
  /** A dataset can't be published. `reason`: for people. */
  | { kind: 'failed'; dataset: string; generation: number; consumer: string; reason: string }
  /** Something is wrong that needs a person, or may: `unknown-dataset`, `unknown-file`, `counts-differ`, `contents-differ`, `stalled`, `corrupt-object`, `store`, `disk`, `clock`. Told again while it lasts. */
  | { kind: 'alarm'; alarm: Alarm; dataset?: string; reason: string }
  /** Staged objects whose lifetime is over. */
  | { kind: 'expired'; objects: number; bytes: number }
  /** An error that was answered or overcome. */
  | { kind: 'error'; where: 'api' | 'supervisor' | 'consumer' | 'proxy' | 'store'; reason: string }
  | { kind: 'proxied'; host: string; bytes: number; fromCache: boolean; ms: number }
  | { kind: 'self-test'; ok: boolean; ms: number; reason?: string };

export const ALARMS = [
  'unknown-dataset',
  'unknown-file',
  'counts-differ',
  'contents-differ',
  'stalled',
  'corrupt-object',
  'store',
  'disk',
  'clock',
] as const;
export type Alarm = (typeof ALARMS)[number];

export type Tell = (happening: Happening) => void;

/** A dataset as the API and the Monitor show it. */
export interface DatasetProgress {
  dataset: string;
  state: IngestState;
  details: string;
  /** When it came into this state; ms since 1970-01-01 UTC. */
  since: number;
  /** Declared; 0 where it was not. */
  files: number;
  events: number;
  /** Of the declared files, those of which a complete object is there. */
  filesComplete: number;
  /** Objects that no validation refers to, or will. */
  duplicates: number;
  generation: number;
  attempts: number;
  alarms: { alarm: Alarm; reason: string }[];
}
