import type { RequestPlan } from '../workers/session.ts';
import { countOf, formatBytes, table } from './text.ts';

/** Columns that are listed, the largest first. */
const LISTED = 10;

/** A plan for people: what is read, and what is asked of whom. */
export function planText({ files, chunks, columns, memoryBytes, hosts, isEstimate }: RequestPlan): string {
  const rows = hosts.map(({ host, ...cost }) => [
    host ?? 'this machine',
    cost.files.toLocaleString('en'),
    cost.requests.toLocaleString('en'),
    formatBytes(cost.bytes),
    formatBytes(cost.cachedBytes),
  ]);
  const listed = columns.slice(0, LISTED).map(({ name, bytes }) => [name, formatBytes(Math.round(bytes))]);
  const more = columns.length > LISTED ? `  and ${columns.length - LISTED} more columns\n` : '';
  const memory = memoryBytes > 0 ? `, ${formatBytes(Math.round(memoryBytes))} in memory` : '';
  return [
    `${countOf(files, 'file')}, ${countOf(chunks, 'chunk')}, ${countOf(columns.length, 'column')}${memory}${isEstimate ? ' (about)' : ''}\n`,
    ...(rows.length > 0 ? [table([['host', 'files', 'requests', 'bytes', 'cached'], ...rows], [1, 2, 3, 4])] : []),
    ...(listed.length > 0 ? [table([['column', 'bytes'], ...listed], [1]) + more] : []),
  ].join('\n');
}
