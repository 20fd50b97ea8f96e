import { parseArgs } from 'node:util';
import { parseBlocks } from '../../core/catalogue/eventCondition.ts';
import { findContainers } from '../../core/catalogue/find.ts';
import { likelyLevel, maskLists } from '../../core/catalogue/maskLists.ts';
import {
  bitName,
  chainsOf,
  type FiredChain,
  LEVEL_NAMES,
  type Level,
  LISTS_OF_LEVEL,
  type ListName,
  namePattern,
  type TriggerMenu,
} from '../../core/catalogue/menu.ts';
import { pairsCsv } from '../../core/catalogue/overlapFiles.ts';
import { overlapPairs } from '../../core/catalogue/overlapPairs.ts';
import { hitAt } from '../../core/catalogue/picked.ts';
import { firedChains } from '../../core/catalogue/pickText.ts';
import { eventSet } from '../../core/catalogue/stream.ts';
import { triggerChoice } from '../../core/catalogue/triggerChoice.ts';
import {
  type ChainCount,
  chainCounts,
  chainOverlaps,
  secondsOf,
  type TriggerCounts,
} from '../../core/catalogue/triggerCounts.ts';
import { chainCells, chainColumns, chainsCsv, chainsJson } from '../../core/catalogue/triggerFiles.ts';
import type { OpenCatalogue } from '../../workers/catalogue/openCatalogue.ts';
import { menuOf, menusOf, pickContext } from '../../workers/catalogue/pick/names.ts';
import { pickEvents } from '../../workers/catalogue/pick/pickEvents.ts';
import { countTriggers } from '../../workers/catalogue/triggers/countTriggers.ts';
import { countFileTriggers } from '../../workers/catalogue/triggers/fileTriggers.ts';
import { EXIT, Failure, failureOf, wrongOption } from '../failure.ts';
import { ProgressBar } from '../progressBar.ts';
import { CATALOGUE_OPTIONS, openForCommand, withThreads } from './open.ts';
import { type Cell, type Format, formatOf, printRows, put, type Rows } from './rows.ts';

type Arguments = ReturnType<typeof readArguments>;

/** `lumiscope catalogue triggers`: counts and overlaps of chains, of records or of trigger columns; masks, decoded. */
export async function triggersCommand(args: string[]): Promise<void> {
  try {
    const given = readArguments(args);
    await put(await answer(given), given.values);
  } catch (error) {
    throw failureOf(error) ?? error;
  }
}

function answer(given: Arguments): Promise<string> | string {
  const { values, catalogue } = given;
  if (values.file.length > 0) return countFiles(given);
  if (given.event) return openForCommand(catalogue, values, (open) => decodeEvent(given, open));
  if (values.mask !== undefined && catalogue === undefined) return decodeMask(given, undefined);
  return openForCommand(catalogue, values, async (open) => {
    if (values.mask === undefined) return countRecords(given, open);
    const smk = given.smk ?? onlyMenu(open);
    if (smk === undefined) return decodeMask(given, undefined);
    const menu = await menuOf(open, smk);
    if (menu.chains.length === 0) throw wrongOption(`the catalogue has no menu of SMK ${smk}`);
    return decodeMask(given, menu);
  });
}

/** The menu of all datasets, where they have one in common. */
function onlyMenu({ tables }: OpenCatalogue): number | undefined {
  const known = new Set(tables.datasets.flatMap(({ smk }) => (smk === undefined ? [] : [smk])));
  if (known.size > 1) throw wrongOption(`--smk says which menu the mask is of: ${[...known].join(', ')}`);
  return [...known][0];
}

function decodeMask({ values, level, format }: Arguments, menu: TriggerMenu | undefined): string {
  const mask = values.mask!;
  return printRows(firedRows(chainsOf(menu, maskLists(mask, level ?? likelyLevel(mask)))), format);
}

/** The chains of an event, of each of its records that has decisions. */
async function decodeEvent({ event, format }: Arguments, catalogue: OpenCatalogue): Promise<string> {
  const { run, number } = event!;
  const picked = await pickEvents(catalogue, { events: eventSet(run, BigUint64Array.of(number)) });
  const context = pickContext(catalogue, await menusOf(catalogue, picked));
  const hits = Array.from(picked.hitEvent, (_, index) => hitAt(picked, index, context));
  if (hits.length === 0) throw new Failure(EXIT.data, `event ${number} of run ${run} was not found`);
  const rows = hits.flatMap((hit) => {
    const { columns: _, rows } = firedRows(firedChains(hit, context));
    return [...rows].map((row) => [hit.dataset, ...row]);
  });
  return printRows({ columns: ['dataset', ...FIRED_COLUMNS], rows }, format);
}

const FIRED_COLUMNS = ['level', 'bit', 'chain', 'lists'];

function firedRows(fired: readonly FiredChain[]): Rows {
  return {
    columns: FIRED_COLUMNS,
    rows: fired.map(({ level, bit, chain, lists }) => [
      LEVEL_NAMES[level],
      bit,
      chain ?? bitName(level, bit),
      lists.join(' '),
    ]),
  };
}

async function countRecords({ values, dataset, level = 1, list, blocks, format }: Arguments, catalogue: OpenCatalogue) {
  if (dataset === undefined)
    throw wrongOption('which dataset? Its name, or a pattern with *, comes after the catalogue');
  const named = catalogue.tables.containers.filter(({ name }) => name === dataset);
  const containers = named.length > 0 ? named : findContainers(catalogue, dataset);
  if (containers.length === 0) throw wrongOption(`the catalogue has no dataset ${dataset}`);
  const { members, names, smk, blind } = triggerChoice(catalogue.tables, containers);
  const menu = smk === undefined ? undefined : await menuOf(catalogue, smk);
  const isChosen = chainPattern(values.chains);
  const chosen = isChosen && menu?.chains.filter((one) => one.level === level && isChosen(one.chain));
  const asked = {
    level,
    list: list ?? LISTS_OF_LEVEL[level][level === 1 ? 2 : 0],
    pairs: values.overlaps,
    ...(blocks && { blocks }),
    ...(chosen && { chosen: chosen.map(({ bit }) => bit) }),
  };
  const bar = process.stderr.isTTY ? new ProgressBar(process.stderr) : undefined;
  const begin = performance.now();
  const counts = await countTriggers(catalogue, members, asked, {
    onProgress: ({ records }, totalEvents) => {
      const seconds = (performance.now() - begin) / 1000;
      bar?.show({ events: records, totalEvents, bytes: catalogue.threads.read.bytes, seconds, unit: 'records' });
    },
  });
  bar?.clear();
  const about = [...names, ...blind.map((name) => `${name}: no trigger decisions, left out`)];
  return printCounts(counts, menu, isChosen, format, about, values.overlaps);
}

function countFiles({ values, blocks, format }: Arguments): Promise<string> {
  return withThreads(values.file, values, async (addresses, threads) => {
    const files = addresses.map((address) =>
      /^https?:/.test(address) ? ({ kind: 'url', url: address } as const) : ({ kind: 'path', path: address } as const),
    );
    const asked = { pairs: values.overlaps, ...(blocks && { blocks }) };
    const { counts, menu, lacking } = await countFileTriggers(threads, files, values.columns, asked);
    const about = lacking.map(({ file, columns }) => `${file} lacks ${columns.join(', ')}: counted as not fired there`);
    return printCounts(counts, menu, chainPattern(values.chains), format, about, values.overlaps);
  });
}

function printCounts(
  counts: TriggerCounts,
  menu: TriggerMenu | undefined,
  isShown: ((name: string) => boolean) | undefined,
  format: Format,
  about: readonly string[],
  withOverlaps: boolean,
): string {
  const rows = chainCounts(counts, menu).filter(({ chain }) => isShown?.(chain) ?? true);
  const overlaps = withOverlaps ? chainOverlaps(counts, menu) : undefined;
  if (format === 'json') return chainsJson(counts, rows, overlaps);
  if (format === 'csv') return overlaps ? pairsCsv(overlaps) : chainsCsv(counts, rows);
  const fired = rows.filter((row) => row.fired.some((events) => events > 0));
  const pairs = overlaps && overlapPairs(overlaps).filter(({ events_bothstreams }) => events_bothstreams > 0);
  return [
    ...about.map((line) => `${line}\n`),
    `${summary(counts)}; ${fired.length} of ${rows.length} chains fired\n\n`,
    printRows(textRows(counts, fired), 'text'),
    ...(pairs
      ? [
          '\n',
          printRows(
            {
              columns: ['chain 1', 'chain 2', 'only 1', 'only 2', 'both', 'ratio'],
              rows: pairs.map((pair) => [
                overlaps.names[pair.stream1],
                overlaps.names[pair.stream2],
                pair.events_stream1_only,
                pair.events_stream2_only,
                pair.events_bothstreams,
                rounded(pair.ratio),
              ]),
            },
            'text',
          ),
        ]
      : []),
  ].join('');
}

function summary(counts: TriggerCounts): string {
  const { records, events, duplicates, elsewhere, blind, question } = counts;
  const seconds = secondsOf(counts);
  return [
    `${events} events of ${records} records`,
    ...(question.blocks ? [`luminosity blocks ${question.blocks.join(' to ')}`, `${elsewhere} records of others`] : []),
    ...(duplicates > 0 ? [`${duplicates} further records of the same events`] : []),
    ...(blind > 0 ? [`${blind} events without decisions`] : []),
    ...(seconds > 0 ? [`${rounded(seconds)} s`] : []),
  ].join(', ');
}

function textRows(counts: TriggerCounts, rows: readonly ChainCount[]): Rows {
  return {
    columns: chainColumns(counts),
    rows: rows.map((row) =>
      chainCells(row, counts).map((cell): Cell => (typeof cell === 'number' ? rounded(cell) : cell)),
    ),
  };
}

/** Four digits of what is no whole number. */
function rounded(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(4));
}

function chainPattern(patterns: readonly string[]): ((name: string) => boolean) | undefined {
  return patterns.length === 0 ? undefined : namePattern(patterns.join(' '));
}

const LEVELS = new Map(Object.entries(LEVEL_NAMES).map(([level, name]) => [name, Number(level) as Level]));

function readArguments(args: string[]) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...CATALOGUE_OPTIONS,
      level: { type: 'string' },
      list: { type: 'string' },
      lb: { type: 'string' },
      chains: { type: 'string', multiple: true, default: [] as string[] },
      overlaps: { type: 'boolean', default: false },
      mask: { type: 'string' },
      smk: { type: 'string' },
      event: { type: 'string' },
      file: { type: 'string', multiple: true, default: [] as string[] },
      columns: { type: 'string', default: 'HLT_*' },
    },
  });
  const event = values.event === undefined ? undefined : eventOf(values.event, positionals.pop());
  const [catalogue, dataset, ...rest] = positionals;
  if (rest.length > 0) throw wrongOption('triggers takes one catalogue and one dataset, or a pattern of datasets');
  const level = values.level === undefined ? undefined : LEVELS.get(values.level.toUpperCase());
  if (values.level !== undefined && level === undefined)
    throw wrongOption(`--level is L1, HLT or L2, not ${values.level}`);
  const lists: readonly ListName[] = LISTS_OF_LEVEL[level ?? 1];
  const list = lists.find((name) => name === values.list?.toLowerCase());
  if (values.list !== undefined && !list) throw wrongOption(`--list is one of ${lists.join(', ')}, not ${values.list}`);
  if (values.smk !== undefined && !/^\d{1,9}$/.test(values.smk))
    throw wrongOption(`--smk is a number, not ${values.smk}`);
  return {
    values,
    catalogue,
    dataset,
    level,
    list,
    blocks: values.lb === undefined ? undefined : parseBlocks(values.lb),
    event,
    smk: values.smk === undefined ? undefined : Number(values.smk),
    format: formatOf(values),
  };
}

function eventOf(run: string, number: string | undefined): { run: number; number: bigint } {
  if (!/^\d{1,10}$/.test(run) || !/^\d{1,20}$/.test(number ?? '') || BigInt(number!) >= 2n ** 64n)
    throw wrongOption(`--event takes a run number and an event number, not ${run} ${number ?? ''}`);
  return { run: Number(run), number: BigInt(number!) };
}
