import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { FileSummary } from '../workers/formats/eventFile.ts';
import type { FileAddress } from '../workers/io/byteSource.ts';
import { defaultCacheFolder, openNodeStore } from '../workers/io/cache/nodeCache.ts';
import type { StorageReport } from '../workers/io/cache/report.ts';
import { nameOf } from '../workers/schedule/files.ts';
import type { DataSession } from '../workers/session.ts';
import { wrongOption } from './failure.ts';
import { formatBytes, table } from './text.ts';

/** Of every command that reads data. */
export const CACHE_OPTIONS = {
  'no-cache': { type: 'boolean', default: false },
  'cache-dir': { type: 'string' },
} as const;

/** Where a session keeps what it fetches of remote files. */
export function cacheOf(values: { 'no-cache': boolean; 'cache-dir'?: string }): { folder: string } | undefined {
  return values['no-cache'] ? undefined : { folder: values['cache-dir'] ?? defaultCacheFolder() };
}

/** Opens all files (again, which costs nothing), and says where a server could not be asked. @throws LumiscopeError as `DataSession.open` */
export async function openAll(session: DataSession, addresses: FileAddress[][]): Promise<FileSummary[]> {
  const opened = await Promise.all(addresses.flat().map((address) => session.open(address)));
  for (const { file } of opened) {
    if (file.asOf === undefined) continue;
    const when = new Date(file.asOf).toISOString().slice(0, 16).replace('T', ' ');
    process.stderr.write(`${nameOf(file.address)}: its server can't be reached; data as of ${when} UTC\n`);
  }
  return opened;
}

/** `lumiscope cache`: what is kept of remote files, and the end of it. */
export async function cacheCommand(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { clear: { type: 'boolean', default: false }, 'cache-dir': CACHE_OPTIONS['cache-dir'] },
  });
  if (positionals.length > 0) throw wrongOption(`unexpected argument ${positionals[0]}`);
  const folder = values['cache-dir'] ?? defaultCacheFolder();
  const store = openNodeStore(folder);
  const before = await store.serve({ kind: 'report' });
  if (!values.clear) process.stdout.write(listing(folder, before));
  else {
    if (existsSync(folder)) await store.serve({ kind: 'clear' });
    process.stdout.write(`${formatBytes(before.bytes)} removed from ${folder}\n`);
  }
}

function listing(folder: string, { files, bytes, quota }: StorageReport): string {
  const rows = files.map(({ url, bytes: held, size, used }) => [
    url,
    formatBytes(held),
    `of ${formatBytes(size)}`,
    new Date(used).toISOString().slice(0, 16).replace('T', ' '),
  ]);
  return `${folder}\n${formatBytes(bytes)} of at most ${formatBytes(quota)}\n${files.length > 0 ? `\n${table(rows, [1])}` : ''}`;
}
