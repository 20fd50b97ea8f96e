import { parseArgs } from 'node:util';
import { parseBlocks } from '../../core/catalogue/eventCondition.ts';
import { findContainers } from '../../core/catalogue/find.ts';
import { printList } from '../../core/catalogue/listText.ts';
import { pickCsv, pickJson, pickText } from '../../core/catalogue/pickText.ts';
import type { EventSet } from '../../core/catalogue/stream.ts';
import type { OpenCatalogue } from '../../workers/catalogue/openCatalogue.ts';
import { findEvents, LISTED } from '../../workers/catalogue/pick/findEvents.ts';
import { menusOf, pickContext } from '../../workers/catalogue/pick/names.ts';
import { type PickRequest, pickEvents, pickEventsCost } from '../../workers/catalogue/pick/pickEvents.ts';
import { openSql } from '../../workers/sql/nodeSql.ts';
import type { SqlDatabase } from '../../workers/sql/sqlDatabase.ts';
import { wrongOption } from '../failure.ts';
import { ProgressBar } from '../progressBar.ts';
import { readList, readListFile } from './listFile.ts';
import { CATALOGUE_OPTIONS, openForCommand } from './open.ts';
import { type Format, formatOf, printRows, put } from './rows.ts';

const HELP_AT = 'lumiscope catalogue pick --help';
const PRINT = { text: pickText, csv: pickCsv, json: pickJson };
const OPTIONS = {
  ...CATALOGUE_OPTIONS,
  list: { type: 'string' },
  'data-type': { type: 'string' },
  version: { type: 'string' },
  stream: { type: 'string' },
  step: { type: 'string' },
  project: { type: 'string' },
  plan: { type: 'boolean', default: false },
  dataset: { type: 'string' },
  chain: { type: 'string', multiple: true, default: [] as string[] },
  lb: { type: 'string' },
  where: { type: 'string' },
  limit: { type: 'string', default: String(LISTED) },
  records: { type: 'boolean', default: false },
} as const;
type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

/** `lumiscope catalogue pick CATALOGUE …`: records of events, by their numbers; or events by what their records say. */
export async function pickCommand(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: OPTIONS });
  const format = formatOf(values);
  const [address, ...numbers] = positionals;
  const isByCondition = values.dataset !== undefined;
  const given = [numbers.length > 0, values.list !== undefined, isByCondition].filter(Boolean).length;
  if (given === 0)
    throw wrongOption('which events? RUN EVENT, --list FILE, or a --dataset and what has to hold', HELP_AT);
  if (given > 1) throw wrongOption('events come as RUN EVENT, from --list FILE or of a --dataset', HELP_AT);
  if (!isByCondition && (values.chain.length > 0 || values.lb !== undefined || values.where !== undefined))
    throw wrongOption('--chain, --lb and --where are about events of a --dataset', HELP_AT);
  const list = isByCondition
    ? undefined
    : values.list === undefined
      ? readList(numbers.join(' '), numbers.join(' '))
      : await readListFile(values.list);
  const answer = await openForCommand(address, values, async (catalogue) => {
    if (list) return records(catalogue, requestOf(list.events, values), format, values.plan);
    const events = await eventsOf(catalogue, values);
    if (!values.records) return printList(format, events);
    return records(catalogue, requestOf(events, values), format, values.plan);
  });
  await put(answer, values);
}

function requestOf(events: EventSet, values: Values): PickRequest {
  const { version, stream, step: prodStep, project } = values;
  return { events, dataType: values['data-type'], version, stream, prodStep, project };
}

async function records(
  catalogue: OpenCatalogue,
  request: PickRequest,
  format: Format,
  isPlan: boolean,
): Promise<string> {
  if (isPlan) {
    const { objects, requests, bytes, further } = pickEventsCost(catalogue, request);
    const columns = ['objects', 'requests', 'bytes', 'further_parts'];
    return printRows({ columns, rows: [[objects, requests, Math.round(bytes), further]] }, format);
  }
  const picked = await pickEvents(catalogue, request);
  const menus = format === 'csv' ? undefined : await menusOf(catalogue, picked);
  if (format !== 'text' && picked.missing.length > 0)
    process.stderr.write(`${picked.missing.length} of ${picked.events.length} events were not found\n`);
  return PRINT[format](picked, pickContext(catalogue, menus));
}

/** Events of chosen datasets for which all that was said holds. */
async function eventsOf(catalogue: OpenCatalogue, values: Values): Promise<EventSet> {
  if (!/^[1-9]\d{0,8}$/.test(values.limit)) throw wrongOption(`--limit is a number of records, not ${values.limit}`);
  const containers = findContainers(catalogue, values.dataset!);
  if (containers.length === 0) throw wrongOption(`--dataset ${values.dataset}: no container is like this`, HELP_AT);
  const blocks = parseBlocks(values.lb ?? '');
  const bar = process.stderr.isTTY ? new ProgressBar(process.stderr) : undefined;
  const begin = performance.now();
  let sql: SqlDatabase | undefined;
  try {
    const found = await findEvents(
      catalogue,
      {
        containers,
        chains: values.chain,
        ...(blocks && { blocks }),
        ...(values.where !== undefined && { where: values.where }),
      },
      {
        limit: Number(values.limit),
        openSql: async () => {
          sql = await openSql();
          return sql;
        },
        onProgress: ({ done, total, unit }) =>
          bar?.show({
            events: done,
            totalEvents: total,
            unit,
            bytes: catalogue.threads.read.bytes,
            seconds: (performance.now() - begin) / 1000,
          }),
      },
    );
    bar?.clear();
    for (const name of found.blind) process.stderr.write(`${name} has no trigger decisions, and is left out\n`);
    const more = found.more > 0 ? `; ${found.more} more than --limit ${values.limit} are not listed` : '';
    process.stderr.write(`${found.passed} of ${found.read + found.skipped} records pass${more}\n`);
    return found.events;
  } finally {
    sql?.close();
  }
}
