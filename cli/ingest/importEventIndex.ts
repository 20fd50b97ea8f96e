import { basename, dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type DatasetName, parseDatasetName, printDatasetName } from '../../core/catalogue/datasetName.ts';
import { BAD_LIMIT, type BadLimit } from '../../workers/ingest/legacy/badLines.ts';
import { importRecords } from '../../workers/ingest/legacy/importRecords.ts';
import { OBJECT_SIZE } from '../../workers/ingest/legacy/stageObject.ts';
import { openText, type TextInput } from '../../workers/ingest/legacy/textInput.ts';
import { tryRecords } from '../../workers/ingest/legacy/tryRecords.ts';
import { setAccess } from '../../workers/io/send.ts';
import { accessFromEnvironment } from '../access.ts';
import { failureOf, wrongOption } from '../failure.ts';
import { ImportBar } from './importBar.ts';
import { reportText, triedText } from './importReport.ts';
import { producerName, relayAddress, relayClient, untilInterrupted, waitFor, wholeNumber } from './relayOptions.ts';

const HELP_AT = 'lumiscope import-eventindex --help';

export const IMPORT_HELP = `lumiscope import-eventindex FILE ... --relay URL [--dataset NAME] [--declare] [--work FOLDER]
                            [--job N] [--max-bad N|N%] [--records-per-object N] [--wait]
lumiscope import-eventindex FILE ... --dry-run [--dataset NAME] [--max-bad N|N%]
    take the records that the EventIndex kept in Hadoop to a relay: lines of RunNumber-EventNumber, a tab or blanks, and
    40 fields between commas (54 where they were augmented), as \`hadoop fs -text\` prints them; gzip or not; - is standard input

    --dataset   whose records they are; may be left out where files, or the folder that they lie in, are named after it
    --relay     its address, or LUMISCOPE_RELAY; a token for it comes from BEARER_TOKEN, BEARER_TOKEN_FILE, or the file bt_u<uid>
    --declare   say that the dataset holds the files and events that were found, and nothing else
    --work      folder of what is done, DATASET.import where nothing is said: stopped or killed, the same command goes on there.
                At the end report.json is left in it, and bad-lines.jsonl: lines that are no records, with number and reason
    --job       of the staged objects: of two that hold the same file, that with the larger number is taken; default:
                the time in ms when the import began, so that the newer one is
    --max-bad   bad lines that are let pass: a number, or a share of the lines; where nothing is said,
                ${BAD_LIMIT.lines}, of which 100 may be more than ${100 * BAD_LIMIT.share} %
    --records-per-object  about so many in a staged object, which holds whole files (${OBJECT_SIZE.records})
    --wait      wait until the dataset is in the catalogue
    --dry-run   only read, and say what was found

Two records with one reference (GUID, OID) are one: the first is kept, and the report says whether the others say the same.
What no column holds (docs/relay.md, "Legacy import") is counted in the report.
`;

/** `lumiscope import-eventindex FILE …`: records of the EventIndex in Hadoop, to a relay. */
export async function importEventIndexCommand(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      dataset: { type: 'string' },
      relay: { type: 'string' },
      declare: { type: 'boolean', default: false },
      work: { type: 'string' },
      job: { type: 'string' },
      'max-bad': { type: 'string' },
      'records-per-object': { type: 'string', default: String(OBJECT_SIZE.records) },
      wait: { type: 'boolean', default: false },
      'dry-run': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(IMPORT_HELP);
    return;
  }
  if (positionals.length === 0) throw wrongOption('no file is named', HELP_AT);
  const address = values['dry-run'] ? undefined : relayAddress(values.relay, HELP_AT);
  const limit = limitOf(values['max-bad']);
  const job = values.job === undefined ? undefined : wholeNumber('job', values.job, 0, HELP_AT);
  const records = wholeNumber('records-per-object', values['records-per-object'], 1, HELP_AT);
  const size = { ...OBJECT_SIZE, records };
  const { signal, end } = untilInterrupted();
  const bar = new ImportBar(process.stderr.isTTY ? process.stderr : undefined);
  try {
    const dataset = values.dataset === undefined ? nameOf(positionals) : parseDatasetName(values.dataset);
    const inputs = await Promise.all(
      positionals.map((path) => openText(path === '-' ? path : resolve(path), process.stdin)),
    );
    bar.begin(
      inputs.reduce((sum, input) => sum + input.size, 0),
      inputs.every(hasSize),
    );
    const onProgress = bar.show;
    if (address === undefined) {
      const tried = await tryRecords(inputs, { dataset, limit, signal, onProgress });
      bar.clear();
      process.stdout.write(triedText(printDatasetName(dataset), tried));
      return;
    }
    const receiver = relayClient(address, signal, bar.clear);
    setAccess(await accessFromEnvironment({ s3Hosts: [], tokenHosts: [new URL(address).host] }));
    const name = printDatasetName(dataset);
    const work = resolve(values.work ?? `${name}.import`);
    const report = await importRecords({
      dataset: name,
      inputs,
      work,
      receiver,
      job,
      producer: producerName(),
      declare: values.declare,
      limit,
      size,
      signal,
      onProgress,
    });
    bar.clear();
    process.stdout.write(reportText(report, receiver.address, work));
    if (values.wait) await waitFor(receiver, [name], signal);
  } catch (error) {
    bar.clear();
    throw failureOf(error) ?? error;
  } finally {
    end();
  }
}

const hasSize = ({ size }: TextInput) => size > 0;

/** The dataset that files, or their folder, are named after. @throws Failure where they are not */
function nameOf(paths: readonly string[]): DatasetName {
  const found = new Map<string, DatasetName>();
  for (const path of paths) {
    const named = [basename(path), basename(dirname(resolve(path)))].map(datasetIn).find((name) => name !== undefined);
    if (!named || path === '-')
      throw wrongOption(`${path} is not named after a dataset: --dataset has to be given`, HELP_AT);
    found.set(printDatasetName(named), named);
  }
  if (found.size > 1)
    throw wrongOption(`the files are of ${found.size} datasets: ${[...found.keys()].slice(0, 2).join(', ')}`, HELP_AT);
  return found.values().next().value!;
}

/** A file's name may have endings, and a number between them: `NAME.part-00001.csv.gz`. */
function datasetIn(name: string): DatasetName | undefined {
  const parts = name.split('.');
  for (let count = parts.length; count >= 5; count--)
    try {
      return parseDatasetName(parts.slice(0, count).join('.'));
    } catch {
      // Fewer parts may be one.
    }
  return undefined;
}

function limitOf(text: string | undefined): BadLimit {
  if (text === undefined) return BAD_LIMIT;
  const [, number, percent] = /^(\d{1,9}(?:\.\d{1,6})?)(%?)$/.exec(text) ?? [];
  if (number === undefined || (percent === '' && number.includes('.')) || (percent === '%' && Number(number) > 100))
    throw wrongOption(`--max-bad is a number of lines, or a share of them such as 2%, not ${text}`, HELP_AT);
  return percent === '%'
    ? { lines: Number.POSITIVE_INFINITY, share: Number(number) / 100 }
    : { lines: Number(number), share: 1 };
}
