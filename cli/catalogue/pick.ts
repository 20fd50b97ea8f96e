import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { type PickList, parsePickList } from '../../core/catalogue/pickList.ts';
import { pickCsv, pickJson, pickText } from '../../core/catalogue/pickText.ts';
import { menusOf, pickContext } from '../../workers/catalogue/pick/names.ts';
import { pickEvents, pickEventsCost } from '../../workers/catalogue/pick/pickEvents.ts';
import { EXIT, Failure, wrongOption } from '../failure.ts';
import { CATALOGUE_OPTIONS, openForCommand } from './open.ts';
import { formatOf, printRows, put } from './rows.ts';

const PRINT = { text: pickText, csv: pickCsv, json: pickJson };
/** Wrong lines that are named one by one. */
const FEW = 20;

/** `lumiscope catalogue pick CATALOGUE RUN EVENT`: the records of events. */
export async function pickCommand(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...CATALOGUE_OPTIONS,
      list: { type: 'string' },
      'data-type': { type: 'string' },
      version: { type: 'string' },
      stream: { type: 'string' },
      step: { type: 'string' },
      project: { type: 'string' },
      plan: { type: 'boolean', default: false },
    },
  });
  const format = formatOf(values);
  const [address, ...numbers] = positionals;
  const { events } = await askedFor(numbers, values.list);
  const request = {
    events,
    dataType: values['data-type'],
    version: values.version,
    stream: values.stream,
    prodStep: values.step,
    project: values.project,
  };
  const answer = await openForCommand(address, values, async (catalogue) => {
    if (values.plan) {
      const { objects, requests, bytes, further } = pickEventsCost(catalogue, request);
      const columns = ['objects', 'requests', 'bytes', 'further_parts'];
      return printRows({ columns, rows: [[objects, requests, Math.round(bytes), further]] }, format);
    }
    const picked = await pickEvents(catalogue, request);
    const menus = format === 'json' ? await menusOf(catalogue, picked) : undefined;
    if (format !== 'text' && picked.missing.length > 0)
      process.stderr.write(`${picked.missing.length} of ${picked.events.length} events were not found\n`);
    return PRINT[format](picked, pickContext(catalogue, menus));
  });
  await put(answer, values);
}

/** Events of the command line or of a file. What can't be read is said, and ends the command: a pick would miss it. */
async function askedFor(numbers: readonly string[], path: string | undefined): Promise<PickList> {
  if (path === undefined && numbers.length === 0)
    throw wrongOption('which events? RUN EVENT, or --list FILE', 'lumiscope catalogue pick --help');
  if (path !== undefined && numbers.length > 0)
    throw wrongOption('events come from --list FILE or as RUN EVENT, not both', 'lumiscope catalogue pick --help');
  const list = parsePickList(path === undefined ? numbers.join(' ') : await readList(path));
  if (list.wrong.length > 0) {
    const named = list.wrong.slice(0, FEW).map(({ line, text, reason }) => `  line ${line}: ${text}: ${reason}`);
    const more = list.wrong.length > FEW ? [`  and ${list.wrong.length - FEW} more`] : [];
    throw new Failure(EXIT.option, [`${path ?? numbers.join(' ')} is no list of events`, ...named, ...more].join('\n'));
  }
  if (list.count === 0) throw new Failure(EXIT.option, `${path} names no events`);
  return list;
}

function readList(path: string): Promise<string> {
  if (path === '-') return textOf(process.stdin);
  return readFile(path, 'utf8').catch((error: Error) => {
    throw new Failure(EXIT.option, `can't read ${path}: ${error.message}`);
  });
}
