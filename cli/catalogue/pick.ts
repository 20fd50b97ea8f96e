import { parseArgs } from 'node:util';
import type { PickList } from '../../core/catalogue/pickList.ts';
import { pickCsv, pickJson, pickText } from '../../core/catalogue/pickText.ts';
import { menusOf, pickContext } from '../../workers/catalogue/pick/names.ts';
import { pickEvents, pickEventsCost } from '../../workers/catalogue/pick/pickEvents.ts';
import { wrongOption } from '../failure.ts';
import { readList, readListFile } from './listFile.ts';
import { CATALOGUE_OPTIONS, openForCommand } from './open.ts';
import { formatOf, printRows, put } from './rows.ts';

const PRINT = { text: pickText, csv: pickCsv, json: pickJson };

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

/** Events of the command line or of a file. */
async function askedFor(numbers: readonly string[], path: string | undefined): Promise<PickList> {
  if (path === undefined && numbers.length === 0)
    throw wrongOption('which events? RUN EVENT, or --list FILE', 'lumiscope catalogue pick --help');
  if (path !== undefined && numbers.length > 0)
    throw wrongOption('events come from --list FILE or as RUN EVENT, not both', 'lumiscope catalogue pick --help');
  return path === undefined ? readList(numbers.join(' '), numbers.join(' ')) : readListFile(path);
}
