import type { IngestState } from '../../core/ingest/datasetState.ts';
import type { Alarm } from '../../core/ingest/happening.ts';
import { formatDuration } from '../numbers.ts';

export const STATE_WORDS: Record<IngestState, { name: string; about: string }> = {
  FAIL: { name: 'Failed', about: 'It can not be published without a person' },
  INSERTING: { name: 'Inserting', about: 'A consumer sorts it and writes its parts' },
  VALIDATED: { name: 'Validated', about: 'All of it is there; it waits for a consumer' },
  COLLECTING: { name: 'Collecting', about: 'Objects of some of its files are missing' },
  UNDECLARED: { name: 'Undeclared', about: 'Producers sent messages of it, and nobody declared what it holds' },
  DONE: { name: 'Done', about: 'Published in the catalogue' },
};

export const ALARM_WORDS: Record<Alarm, string> = {
  'unknown-dataset': 'Unknown dataset',
  'unknown-file': 'Unknown file',
  'counts-differ': 'Counts differ',
  'contents-differ': 'Contents differ',
  stalled: 'Stalled',
  'corrupt-object': 'Corrupt object',
  store: 'Store',
  disk: 'Disk',
  clock: 'Clock',
};

/** `12 s`, `5 min`, `3 h`, `2 d`: how long ago, or for how long; one unit, so that it seldom changes. */
export function formatAge(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  if (s < 86_400 * 2) return `${Math.floor(s / 3600)} h`;
  return `${Math.floor(s / 86_400)} d`;
}

/** A time of this machine's zone, for titles. */
export function formatMoment(ms: number): string {
  return new Date(ms).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
}

/** `10 s`, `3 h`, `7 d`: a bound of a class of times. */
export function formatBound(seconds: number): string {
  if (seconds >= 86_400) return `${seconds / 86_400} d`;
  if (seconds >= 3600) return `${seconds / 3600} h`;
  return seconds >= 60 ? `${seconds / 60} min` : `${seconds} s`;
}

/** A time that was measured. */
export function formatSpan(seconds: number): string {
  return seconds >= 172_800 ? formatAge(seconds * 1000) : formatDuration(seconds);
}
