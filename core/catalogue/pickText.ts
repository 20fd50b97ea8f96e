/** What a pick found, for people and other programs. */
import { printGuid, printOid, printReference } from './eventKey.ts';
import { exactNumber } from './exactNumber.ts';
import { chainsOf, type FiredChain, type TriggerMenu } from './menu.ts';
import { hitAt, type LookedInto, type Picked, type PickHit, type PickNames, rawReference } from './picked.ts';
import { L1_BITS, L1_BITS_RUN1, printHltMask, printL1Mask } from './triggerMask.ts';

/** What is known of hits besides their records. */
export interface PickContext extends PickNames {
  /** Of a hit's dataset: its trigger configuration. */
  smkOf(hit: Pick<PickHit, 'dspid' | 'dstypeid' | 'tid'>): number | undefined;
  /** Undefined where the menu was not loaded, or there is none. */
  menu(smk: number): TriggerMenu | undefined;
}

/** ISO 8601 with nanoseconds, UTC. */
export function printTime(nanoseconds: bigint): string {
  const seconds = nanoseconds / 1_000_000_000n - (nanoseconds % 1_000_000_000n < 0n ? 1n : 0n);
  const rest = nanoseconds - seconds * 1_000_000_000n;
  const date = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  return `${date}.${String(rest).padStart(9, '0')}Z`;
}

/** A hit's trigger masks as the EventIndex writes them; undefined where nothing fired and nothing is known. */
export function masksOf({ bits, l1psk, hpsk }: PickHit, project: string) {
  // Run 1 had 256 bits; what fired higher ones is none of it, whatever its project is called.
  const highest = Math.max(-1, ...bits.tbp, ...bits.tap, ...bits.tav);
  const width = /^(data(09|1[0-3])|mc(09|1[0-2]))_/.test(project) && highest < L1_BITS_RUN1 ? L1_BITS_RUN1 : L1_BITS;
  const l2 = { ph: bits.lph, pt: bits.lpt, rs: bits.lrs };
  const has = (lists: Record<string, number[]>) => Object.values(lists).some((list) => list.length > 0);
  return {
    l1: l1psk !== undefined || highest >= 0 ? printL1Mask(bits, width) : undefined,
    hlt: hpsk !== undefined || has({ ph: bits.ph, pt: bits.pt, rs: bits.rs }) ? printHltMask(bits) : undefined,
    l2: has(l2) ? printHltMask(l2) : undefined,
  };
}

/** Decoded chains of a hit: with names where its menu is there. */
export function firedChains(hit: PickHit, context: PickContext): FiredChain[] {
  const smk = context.smkOf(hit);
  return chainsOf(smk === undefined ? undefined : context.menu(smk), hit.bits);
}

const places = (count: number) => Array.from({ length: count }, (_, index) => index);

/** A line a record: run, event, data type, AMI tag, its reference, and that of RAW; what was not found, behind `#`. */
export function pickText(picked: Picked, context: PickContext): string {
  const lines = places(picked.hitEvent.length).map((index) => {
    const hit = hitAt(picked, index, context);
    const { amiTag } = context.family(hit.dspid);
    const raw = rawReference(hit);
    const cells = [hit.runNumber, hit.event, hit.dataType, amiTag, printReference(hit.reference), raw && `RAW ${raw}`];
    return cells.filter(Boolean).join(' ') + (hit.isDuplicate ? ' # one of several records' : '');
  });
  const missing = [...picked.missing].map(
    (index) => `# ${picked.runs[index]} ${picked.events[index]} not found: ${searchedWords(lookedOf(picked, index))}`,
  );
  return [...lines, ...missing].map((line) => `${line}\n`).join('');
}

/** Where an asked event was looked for. */
export function lookedOf(picked: Picked, index: number): LookedInto {
  return picked.looked.find(({ runNumber }) => runNumber === picked.runs[index])!;
}

/** Where events of a run were looked for, in words. */
export function searchedWords({ searched, others }: LookedInto): string {
  if (searched.length > 0) {
    const names = searched.map(({ family, dataType }) => `${family.streamName} ${dataType} ${family.amiTag}`);
    const left = others > 0 ? `; not in ${others} other ${others === 1 ? 'data type' : 'data types'} of the run` : '';
    return `looked into ${names.slice(0, 4).join(', ')}${names.length > 4 ? ` and ${names.length - 4} more` : ''}${left}`;
  }
  return others > 0 ? 'no dataset of the run fits what was asked for' : 'the catalogue has no dataset of the run';
}

const CSV_COLUMNS: readonly [string, (hit: PickHit, context: PickContext) => unknown][] = [
  ['run', ({ runNumber }) => runNumber],
  ['event', ({ event }) => event],
  ['found', () => 1],
  ['duplicate', ({ isDuplicate }) => Number(isDuplicate)],
  ['dataset', ({ dataset }) => dataset],
  ['data_type', ({ dataType }) => dataType],
  ['guid', ({ reference }) => printGuid(reference.guid)],
  ['oid1', ({ reference }) => printOid(reference.oid1)],
  ['oid2', ({ reference }) => printOid(reference.oid2)],
  ['seq', ({ seq }) => seq],
  ['lb', ({ lb }) => lb],
  ['bcid', ({ bcid }) => bcid],
  ['time', ({ time }) => time !== undefined && printTime(time)],
  ['l1id', ({ l1id }) => l1id],
  ['l1psk', ({ l1psk }) => l1psk],
  ['hpsk', ({ hpsk }) => hpsk],
  ['smk', (hit, context) => context.smkOf(hit)],
  ['mc_channel', ({ mcChannel }) => mcChannel],
  ['mc_weight', ({ mcWeight }) => mcWeight],
  [
    'provenance',
    ({ provenance }) => provenance.map((one) => `${one.dataType} ${printReference(one.reference)}`).join('; '),
  ],
  ['l1_mask', (hit, context) => masksOf(hit, context.family(hit.dspid).project).l1],
  ['hlt_mask', (hit, context) => masksOf(hit, context.family(hit.dspid).project).hlt],
];

/** A row a record, and one, with `found` 0, for each event that was not found. */
export function pickCsv(picked: Picked, context: PickContext): string {
  const quoted = (value: unknown) => {
    const text = value === undefined || value === false ? '' : String(value);
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const rows = places(picked.hitEvent.length).map((index) => {
    const hit = hitAt(picked, index, context);
    return CSV_COLUMNS.map(([, value]) => quoted(value(hit, context))).join(',');
  });
  const missing = [...picked.missing].map((index) => {
    const cells = [picked.runs[index], picked.events[index], 0];
    return cells.join(',') + ','.repeat(CSV_COLUMNS.length - cells.length);
  });
  return [CSV_COLUMNS.map(([name]) => name).join(','), ...rows, ...missing].map((row) => `${row}\n`).join('');
}

/** One record as plain data for JSON. */
export function hitJson(hit: PickHit, context: PickContext): Record<string, unknown> {
  const masks = masksOf(hit, context.family(hit.dspid).project);
  return {
    run: hit.runNumber,
    event: exactNumber(hit.event),
    duplicate: hit.isDuplicate,
    dataset: hit.dataset,
    data_type: hit.dataType,
    guid: printGuid(hit.reference.guid),
    oid1: printOid(hit.reference.oid1),
    oid2: printOid(hit.reference.oid2),
    seq: hit.seq,
    provenance: hit.provenance.map(({ dataType, reference }) => ({
      data_type: dataType,
      guid: printGuid(reference.guid),
      oid1: printOid(reference.oid1),
      oid2: printOid(reference.oid2),
    })),
    mc_channel: hit.mcChannel ?? null,
    mc_weight: hit.mcWeight ?? null,
    lb: hit.lb ?? null,
    bcid: hit.bcid ?? null,
    time: hit.time === undefined ? null : printTime(hit.time),
    l1id: hit.l1id ?? null,
    l1psk: hit.l1psk ?? null,
    hpsk: hit.hpsk ?? null,
    smk: context.smkOf(hit) ?? null,
    l1_mask: masks.l1 ?? null,
    hlt_mask: masks.hlt ?? null,
    ...(masks.l2 !== undefined && { l2_mask: masks.l2 }),
    chains: firedChains(hit, context).map(({ level, bit, chain, lists }) => ({
      level,
      bit,
      chain: chain ?? null,
      lists,
    })),
  };
}

/** Records, and what was not found with where it was looked for. */
export function pickJson(picked: Picked, context: PickContext): string {
  const records = places(picked.hitEvent.length).map((index) =>
    JSON.stringify(hitJson(hitAt(picked, index, context), context)),
  );
  const missing = [...picked.missing].map((index) =>
    JSON.stringify({
      run: picked.runs[index],
      event: exactNumber(picked.events[index]!),
      searched: searchedWords(lookedOf(picked, index)),
    }),
  );
  const list = (items: readonly string[]) => (items.length > 0 ? `[\n${items.join(',\n')}\n]` : '[]');
  return `{"asked": ${picked.events.length}, "duplicates": ${picked.duplicates}, "records": ${list(records)}, "not_found": ${list(missing)}}\n`;
}
