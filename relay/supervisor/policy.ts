import type { SupervisorPolicy } from '../../core/ingest/superviseDataset.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** How a supervisor behaves; times in ms. */
export interface RelayPolicy extends SupervisorPolicy {
  /** The store is listed as often, but for at most a twentieth of the time. */
  pollMs: number;
  /** An alarm that lasts is told again after as long; for another reason after a tenth of it. */
  alarmMs: number;
  /** Loose messages of one dataset that are packed into one object. */
  packAt: number;
  /** How long staged objects stay that no message names. */
  unclaimedMs: number;
  /** How long objects of the catalogue stay that no manifest names. */
  catalogueMs: number;
  /** How often both are looked for. */
  sweepMs: number;
}

export const DEFAULT_POLICY: RelayPolicy = {
  stalledMs: DAY,
  clockMs: 5 * 60_000,
  duplicatesMs: DAY,
  stagedMs: 7 * DAY,
  messagesMs: 30 * DAY,
  pollMs: 2000,
  alarmMs: 10 * 60_000,
  packAt: 1000,
  unclaimedMs: 14 * DAY,
  catalogueMs: DAY,
  sweepMs: 6 * HOUR,
};
