/** What a pick found, for people and other programs. */

import { type CsvCell, tableCsv } from '../csv.ts';
import { printGuid, printOid, printReference } from './eventKey.ts';
import { exactNumber } from './exactNumber.ts';
import {
  bitName,
  chainsOf,
  type FiredChain,
  LEVEL_NAMES,
  type Level,
  LISTS_OF_LEVEL,
  type ListName,
  type TriggerMenu,
} from './menu.ts';
import { hitAt, type LookedInto, type Picked, type PickHit, type PickNames } from './picked.ts';
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

/** A hit's trigger masks as the EventIndex writes them; undefined where nothing fired and nothing is known, or where its menu has more bits than these masks. */
export function masksOf({ bits, l1psk, hpsk }: PickHit, project: string) {
  // Run 1 had 256 bits; what fired higher ones is none of it, whatever its project is called.
  const highest = Math.max(-1, ...bits.tbp, ...bits.tap, ...bits.tav);
  const width = /^(data(09|1[0-3])|mc(09|1[0-2]))_/.test(project) && highest < L1_BITS_RUN1 ? L1_BITS_RUN1 : L1_BITS;
  const l2 = { ph: bits.lph, pt: bits.lpt, rs: bits.lrs };
  const has = (lists: Record<string, number[]>) => Object.values(lists).some((list) => list.length > 0);
  return {
    l1: (l1psk !== undefined || highest >= 0) && highest < L1_BITS ? printL1Mask(bits, width) : undefined,
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

/** What a level decided in the end; the lists before these are on the way there. */
const DECISIONS: Record<Level, readonly ListName[]> = {
  1: ['tav'],
  2: LISTS_OF_LEVEL[2],
  3: LISTS_OF_LEVEL[3],
};

/**
 * A block of lines a record: run, event, data type and AMI tag; below it, indented, where it lies, what it came from, when it was taken and what
 * triggered it. What was not found stands at the end, behind `#`.
 */
export function pickText(picked: Picked, context: PickContext): string {
  const blocks = places(picked.hitEvent.length).map((index) => hitText(hitAt(picked, index, context), context));
  const missing = [...picked.missing].map(
    (index) => `# ${picked.runs[index]} ${picked.events[index]} not found: ${searchedWords(lookedOf(picked, index))}\n`,
  );
  return [...blocks, missing.join('')].filter((block) => block !== '').join('\n');
}

function hitText(hit: PickHit, context: PickContext): string {
  const { amiTag } = context.family(hit.dspid);
  const said = (pieces: readonly (readonly [name: string, value: unknown])[]) =>
    pieces.flatMap(([name, value]) => (value === undefined ? [] : `${name}${value}`)).join(', ');
  const head = `${hit.runNumber} ${hit.event} ${hit.dataType} ${amiTag}`;
  const lines = [
    line('dataset', hit.dataset),
    line('GUID:OIDs', printReference(hit.reference)),
    ...hit.provenance.map(({ dataType, reference }, at) =>
      line(at === 0 ? 'from' : '', `${dataType} ${printReference(reference)}`),
    ),
    line(
      'taken',
      said([
        ['luminosity block ', hit.lb],
        ['BCID ', hit.bcid],
        ['', hit.time === undefined ? undefined : printTime(hit.time)],
        ['L1 id ', hit.l1id],
      ]),
    ),
    line(
      'MC',
      said([
        ['channel ', hit.mcChannel],
        ['weight ', hit.mcWeight],
      ]),
    ),
    line(
      'keys',
      said([
        ['SMK ', context.smkOf(hit)],
        ['L1 prescales ', hit.l1psk],
        ['HLT prescales ', hit.hpsk],
      ]),
    ),
    ...firedLines(firedChains(hit, context)),
  ];
  return [head + (hit.isDuplicate ? ' # one of several records' : ''), ...lines]
    .map((one) => one && `${one}\n`)
    .join('');
}

/** A line for each level that fired: the chains that it decided for, with the lists where it is not the usual one. */
function firedLines(chains: readonly FiredChain[]): string[] {
  return ([1, 3, 2] as const).flatMap((level) => {
    const own = chains.filter((one) => one.level === level);
    if (own.length === 0) return [];
    const [usual] = DECISIONS[level];
    const names = own.flatMap(({ bit, chain, lists }) => {
      const decisions = lists.filter((list) => DECISIONS[level].includes(list));
      if (decisions.length === 0) return [];
      const rest = decisions.includes(usual!) ? '' : ` (${decisions.join(', ')})`;
      return (chain ?? bitName(level, bit)) + rest;
    });
    const count = level === 1 ? `${names.length} of ${own.length} after veto` : `${names.length}`;
    return line(LEVEL_NAMES[level], `${count}${names.length > 0 ? ': ' : ''}${names.join(', ')}`);
  });
}

const LABEL = 12;
const WIDTH = 110;

/** A labelled line; a long one goes on below, under its beginning. Empty without a text. */
function line(label: string, text: string): string {
  const rows: string[] = [];
  for (const word of text === '' ? [] : text.split(', ')) {
    const longer = rows.length === 0 ? word : `${rows.at(-1)}, ${word}`;
    if (rows.length > 0 && longer.length <= WIDTH - LABEL) rows[rows.length - 1] = longer;
    else {
      if (rows.length > 0) rows[rows.length - 1] += ',';
      rows.push(word);
    }
  }
  return rows.map((row, at) => `  ${(at === 0 ? label : '').padEnd(LABEL - 2)}${row}`).join('\n');
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

const CSV_COLUMNS: readonly [string, (hit: PickHit, context: PickContext) => CsvCell][] = [
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
  ['time', ({ time }) => (time === undefined ? undefined : printTime(time))],
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
  const rows = places(picked.hitEvent.length).map((index) => {
    const hit = hitAt(picked, index, context);
    return CSV_COLUMNS.map(([, value]) => value(hit, context));
  });
  const missing = [...picked.missing].map((index) => {
    const cells = [picked.runs[index], picked.events[index], 0];
    return CSV_COLUMNS.map((_, at) => cells[at]);
  });
  return tableCsv(
    CSV_COLUMNS.map(([name]) => name),
    [...rows, ...missing],
  );
}

/** One record as plain data for JSON. */
function hitJson(hit: PickHit, context: PickContext): Record<string, unknown> {
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
