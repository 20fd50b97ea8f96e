import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { type ContainerCheck, withDamage } from '../../core/catalogue/completeness.ts';
import { findContainers } from '../../core/catalogue/find.ts';
import type { ContainerRow } from '../../core/catalogue/tables.ts';
import { checkContainers } from '../../workers/catalogue/check/checkContainers.ts';
import { compareRecords, type PartDisagreement } from '../../workers/catalogue/check/compareRecords.ts';
import { allContainers } from '../../workers/catalogue/check/containers.ts';
import { overlapsOf, storeCheck } from '../../workers/catalogue/check/storeCheck.ts';
import { objectsOf, verifyObjects, type WrongObject } from '../../workers/catalogue/check/verifyObjects.ts';
import type { OpenCatalogue } from '../../workers/catalogue/openCatalogue.ts';
import { catalogueIn } from '../../workers/catalogue/write/catalogueStore.ts';
import { openObjectStore } from '../../workers/objects/openObjectStore.ts';
import { EXIT, wrongOption } from '../failure.ts';
import { CHECK_LISTS, type CheckList, checkRows } from './checkRows.ts';
import { CATALOGUE_OPTIONS, openForCommand } from './open.ts';
import { formatOf, printRows, put } from './rows.ts';

const HELP_AT = 'lumiscope catalogue check --help';

/** `lumiscope catalogue check CATALOGUE [NAME …]`: whether it holds what is declared, and what is there more than once. */
export async function checkCommand(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...CATALOGUE_OPTIONS,
      list: { type: 'string', default: 'counts' },
      checksums: { type: 'boolean', default: false },
      records: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
    },
  });
  const format = formatOf(values);
  const list = values.list as CheckList;
  if (!CHECK_LISTS.includes(list)) throw wrongOption(`--list is ${CHECK_LISTS.join(', ')}, not ${list}`, HELP_AT);
  const [address, ...names] = positionals;
  const answer = await openForCommand(address, values, async (catalogue) => {
    const containers = chosen(catalogue, names);
    const wrong = values.checksums ? await verified(catalogue, containers) : [];
    const disagreeing = values.records ? await compared(catalogue, containers) : [];
    const counted = await checkContainers(catalogue, containers, {
      onProgress: ({ records, recordsTotal, recordsPerSecond }) =>
        tell(`${count(records)} of ${count(recordsTotal)} records, ${count(Math.round(recordsPerSecond))} records/s`),
    });
    const checks = counted.map((check) => withDamage(check, damageOf(catalogue, check, wrong, disagreeing)));
    const text = printRows(await checkRows(catalogue, checks, list), format);
    if (values.write) await stored(catalogue, checks);
    tell('');
    report(checks, wrong, disagreeing);
    return text;
  });
  await put(answer, values);
}

function chosen(catalogue: OpenCatalogue, names: readonly string[]): ContainerRow[] {
  const all = allContainers(catalogue);
  if (names.length === 0) return all;
  const keys = new Set<ContainerRow>();
  for (const name of names) {
    const same = all.filter((container) => container.name === name);
    const found = same.length > 0 ? same : findContainers(catalogue, name);
    if (found.length === 0) throw wrongOption(`the catalogue has no container ${name}`, HELP_AT);
    for (const container of found) keys.add(container);
  }
  return all.filter((container) => keys.has(container));
}

async function verified(catalogue: OpenCatalogue, containers: readonly ContainerRow[]): Promise<WrongObject[]> {
  const { manifest } = catalogue;
  const parts = manifest.parts.filter((part) => containers.some((container) => isOf(container, part)));
  return verifyObjects(catalogue, objectsOf({ ...manifest, parts }), {
    onProgress: ({ objects, objectsTotal }) => tell(`checksums of ${count(objects)} of ${count(objectsTotal)} objects`),
  });
}

async function compared(catalogue: OpenCatalogue, containers: readonly ContainerRow[]): Promise<PartDisagreement[]> {
  return compareRecords(catalogue, containers, {
    onProgress: (records, total) => tell(`records in full: ${count(records)} of ${count(total)}`),
  });
}

/** What is wrong with the objects of a container, in words. */
function damageOf(
  { manifest }: OpenCatalogue,
  check: ContainerCheck,
  wrong: readonly WrongObject[],
  disagreeing: readonly PartDisagreement[],
): string | undefined {
  const own = objectsOf(
    manifest,
    manifest.parts.filter((part) => isOf(check, part)),
  );
  const paths = new Set(own.map(({ path }) => path));
  const objects = wrong.filter(({ path }) => paths.has(path)).length;
  const parts = disagreeing.filter((part) => isOf(check, part));
  const records = parts.reduce((sum, part) => sum + part.records, 0);
  const unread = parts.filter(({ error }) => error).length;
  const damage = [
    objects > 0 && `${objects} ${objects === 1 ? 'object' : 'objects'} missing or damaged`,
    records > 0 && `${records} ${records === 1 ? 'record disagrees' : 'records disagree'} with keys or files`,
    unread > 0 && `records of ${unread} ${unread === 1 ? 'part' : 'parts'} can't be read`,
  ].filter(Boolean);
  return damage.length > 0 ? damage.join('; ') : undefined;
}

const isOf = (a: { dspid: number; dstypeid: number }, b: { dspid: number; dstypeid: number }) =>
  a.dspid === b.dspid && a.dstypeid === b.dstypeid;

async function stored(catalogue: OpenCatalogue, checks: readonly ContainerCheck[]): Promise<void> {
  const overlaps = await overlapsOf(catalogue, checks, {
    onProgress: ({ records, recordsTotal }) => tell(`overlaps: ${count(records)} of ${count(recordsTotal)} records`),
  });
  const store = catalogueIn(openObjectStore(catalogue.folder));
  const who = `${userInfo().username}, lumiscope catalogue check`;
  const { serial } = await storeCheck(store, catalogue, { checks, overlaps }, who);
  tell('');
  process.stderr.write(`stored as version ${serial} of the catalogue\n`);
}

/** What is wrong, in few words, and the status of the command. */
function report(
  checks: readonly ContainerCheck[],
  wrong: readonly WrongObject[],
  disagreeing: readonly PartDisagreement[],
): void {
  for (const { error } of wrong) process.stderr.write(`${error.message}\n`);
  for (const { first, records, error } of disagreeing) {
    for (const line of first) process.stderr.write(`${line}\n`);
    if (records > first.length)
      process.stderr.write(`… and ${count(records - first.length)} more records of this part\n`);
    if (error) process.stderr.write(`${error.message}\n`);
  }
  const bad = checks.filter(({ isComplete }) => !isComplete).length;
  if (bad > 0) process.stderr.write(`${bad} of ${checks.length} containers are not as declared\n`);
  if (bad + wrong.length + disagreeing.length > 0) process.exitCode = EXIT.data;
}

function tell(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${line}\x1b[K`);
}

function count(n: number): string {
  return n.toLocaleString('en');
}
