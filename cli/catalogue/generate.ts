import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { type Family, RECORD_COLUMNS } from '../../core/catalogue/tables.ts';
import { generateCatalogue } from '../../workers/catalogue/generate/generateCatalogue.ts';
import { makersOf } from '../../workers/catalogue/generate/makers.ts';
import { type CatalogueOptions, DEFAULTS } from '../../workers/catalogue/generate/plan.ts';
import { catalogueIn } from '../../workers/catalogue/write/catalogueStore.ts';
import { folderObjects } from '../../workers/objects/folderObjects.ts';
import { failureOf, wrongOption } from '../failure.ts';
import { workersOf } from '../workersOption.ts';

const HELP_AT = 'lumiscope catalogue generate --help';
const FAMILIES: readonly string[] = [...new Set(RECORD_COLUMNS.map(({ family }) => family))];

/** `lumiscope catalogue generate FOLDER`: a catalogue of made-up records, of any size. */
export async function generateCommand(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      events: { type: 'string' },
      derivations: { type: 'string' },
      run: { type: 'string', multiple: true },
      'first-event': { type: 'string' },
      duplicates: { type: 'string' },
      families: { type: 'string' },
      chains: { type: 'string' },
      seed: { type: 'string' },
      plain: { type: 'boolean', default: false },
      title: { type: 'string', default: 'Generated catalogue' },
      workers: { type: 'string' },
    },
  });
  const [folder, more] = positionals;
  if (folder === undefined || more !== undefined) throw wrongOption('one folder has to be named', HELP_AT);
  const { events, derivations, run, duplicates, families, chains, seed, plain, title } = values;
  const first = values['first-event'];
  const options: CatalogueOptions = {
    ...DEFAULTS,
    plain,
    ...(events !== undefined && { events: whole('events', events) }),
    ...(derivations !== undefined && { derivations: whole('derivations', derivations) }),
    ...(run && { runNumbers: run.map((text) => whole('run', text)) }),
    ...(first !== undefined && { firstEvent: eventNumber(first) }),
    ...(duplicates !== undefined && { duplicates: share(duplicates) }),
    ...(families !== undefined && { families: familiesOf(families) }),
    ...(chains !== undefined && { chains: whole('chains', chains) }),
    ...(seed !== undefined && { seed: whole('seed', seed) }),
  };
  const threads = makersOf(folder, options, workersOf(values.workers) ?? availableParallelism());
  const terminal = process.stderr.isTTY ? process.stderr : undefined;
  try {
    const { parts } = await generateCatalogue(catalogueIn(folderObjects(folder)), options, {
      title,
      makers: threads.makers,
      onProgress: ({ dataset, datasets, records }) =>
        terminal?.write(`\r${dataset} of ${datasets} datasets, ${records.toLocaleString('en')} records\x1b[K`),
    });
    const records = parts.reduce((sum, { rows }) => sum + rows, 0);
    terminal?.write('\r\x1b[K');
    process.stdout.write(`${records.toLocaleString('en')} records in ${parts.length} parts: ${folder}\n`);
  } catch (error) {
    terminal?.write('\n');
    throw failureOf(error) ?? error;
  } finally {
    await threads.close();
  }
}

function whole(option: string, text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw wrongOption(`--${option} is a whole number, not ${text}`, HELP_AT);
  return Number(text);
}

function eventNumber(text: string): bigint {
  if (!/^\d{1,20}$/.test(text)) throw wrongOption(`--first-event is a whole number, not ${text}`, HELP_AT);
  return BigInt(text);
}

function share(text: string): number {
  if (!/^(0|1|0?\.\d+)$/.test(text)) throw wrongOption(`--duplicates is a share from 0 to 1, not ${text}`, HELP_AT);
  return Number(text);
}

function familiesOf(text: string): Family[] {
  const names = text.split(',').filter((name) => name !== '');
  const unknown = names.find((name) => !FAMILIES.includes(name));
  if (unknown !== undefined) throw wrongOption(`--families knows ${FAMILIES.join(', ')}, not ${unknown}`, HELP_AT);
  return names as Family[];
}
