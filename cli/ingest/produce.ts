import { parseArgs } from 'node:util';
import type { ControlMessage } from '../../core/ingest/controlMessage.ts';
import { parseDatasetTemplate } from '../../core/ingest/datasetTemplate.ts';
import type { Declaration } from '../../core/ingest/declaration.ts';
import {
  declarationsOf,
  type JobReport,
  type ProduceOptions,
  produceFiles,
} from '../../workers/ingest/produce/produceFiles.ts';
import { WorkRecords } from '../../workers/ingest/produce/workRecords.ts';
import { EXIT, Failure, failureOf, wrongOption } from '../failure.ts';
import { countOf, formatBytes } from '../text.ts';
import { dryRelay } from './dryRelay.ts';
import { importEventIndexCommand } from './importEventIndex.ts';
import { isLegacyFile } from './legacyFiles.ts';
import {
  eventInputs,
  FILE_OPTIONS,
  type FileValues,
  producerName,
  RELAY_OPTIONS,
  relayAddress,
  relayClient,
  untilInterrupted,
  waitFor,
  wholeNumber,
} from './relayOptions.ts';

const HELP_AT = 'lumiscope produce --help';
const FILES_PER_JOB = '10';
const HELP = `lumiscope produce FILE... --dataset NAME --relay URL [--declare [--open]] [--job ID] [--files-per-job N]
                 [--guid GUID ...] [--tree NAME] [--run-column NAME] [--event-column NAME] [--lumi-column NAME]
                 [--work FOLDER] [--wait] [--dry-run] [--token-host HOST ...]
    read the event headers of files (ROOT, Parquet, Arrow, CSV; local or remote) and stage them in a relay: run, event,
    luminosity block, bunch crossing, HLT_* and L1_*, weight, and the place in the file

    --dataset NAME     Project.run.stream.step.type.tag; with {run} in place of the run number a dataset for each run
    --relay URL        where the relay listens, as in http://127.0.0.1:4380; or LUMISCOPE_RELAY
    --declare          declare these files, all of them, as the dataset: it is published when they are staged
    --open             with --declare: files may still be added by another declaration
    --job ID           of two runs that staged the same file the one with the larger number is taken; default: the time in
                       ms when the run began, so that the newer one is. Name one only if all runs have their numbers from
                       the same place: --job "$PANDAID"
    --files-per-job N  files that go into one object; default: ${FILES_PER_JOB}
    --guid GUID        instead of the files' own, one for each file in their order. Own ones are those of POOL, of the header
                       of ROOT files, or made of the file's SHA-256
    --work FOLDER      keep there what was done: begun again after an interruption, what is staged is not read again
    --wait             wait until the dataset is in the catalogue
    --dry-run          print what would be sent, and send nothing

Files with records of the EventIndex in Hadoop are taken as by lumiscope import-eventindex. A token for the relay comes from BEARER_TOKEN, BEARER_TOKEN_FILE, or the file bt_u<uid>.
Exit status: 0, 2 for wrong options, 3 for files that can't be read or a relay that refuses.
`;

/** `lumiscope produce FILE…`: event headers of files, staged in a relay. */
export async function produceCommand(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...RELAY_OPTIONS,
      ...FILE_OPTIONS,
      declare: { type: 'boolean', default: false },
      open: { type: 'boolean', default: false },
      job: { type: 'string' },
      'files-per-job': { type: 'string', default: FILES_PER_JOB },
      work: { type: 'string' },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  if (positionals.length === 0) throw wrongOption('which files?', HELP_AT);
  if (values.dataset === undefined)
    throw wrongOption('which dataset are they of? Its name goes with --dataset', HELP_AT);
  if (values.open && !values.declare) throw wrongOption('--open goes with --declare', HELP_AT);
  const legacy = await Promise.all(positionals.map(isLegacyFile));
  if (legacy.includes(true)) {
    const other = positionals[legacy.indexOf(false)];
    if (other !== undefined)
      throw wrongOption(`${other} holds no records of the EventIndex, as other files do`, HELP_AT);
    return importEventIndexCommand(legacyArguments(positionals, values));
  }
  const dry = values['dry-run'];
  const address = dry ? undefined : relayAddress(values.relay, HELP_AT);
  const job = values.job === undefined ? Date.now() : wholeNumber('job', values.job, 0, HELP_AT);
  const filesPerJob = wholeNumber('files-per-job', values['files-per-job'], 1, HELP_AT);
  const { signal, end } = untilInterrupted();
  const terminal = process.stderr.isTTY ? process.stderr : undefined;
  try {
    const template = parseDatasetTemplate(values.dataset);
    const relay = address === undefined ? dryRelay() : relayClient(address, signal);
    const inputs = await eventInputs(positionals, values, address);
    const began = performance.now();
    const options: ProduceOptions = {
      inputs,
      template,
      relay,
      job,
      filesPerJob,
      producer: producerName(),
      signal,
      ...(values.work !== undefined && !dry && { work: new WorkRecords(values.work) }),
      onEvents: counter(terminal),
      onJob: (report) => {
        terminal?.write('\r\x1b[K');
        // Of the only one the error says it all.
        if (!report.failure || report.of > 1) process.stderr.write(`${jobText(report)}\n`);
      },
    };
    let declarations: Declaration[] = [];
    if (values.declare) {
      const found = await declarationsOf(inputs, template, { open: values.open, signal });
      declarations = found.declarations;
      options.known = found.facts;
      for (const declaration of declarations) {
        const { again } = await relay.declare(declaration);
        process.stderr.write(`${declarationText(declaration, again)}\n`);
      }
    }
    const reports = await produceFiles(options);
    const messages = reports.flatMap((report) => report.messages);
    if (messages.length > 0) process.stderr.write(`${totalText(messages, (performance.now() - began) / 1000)}\n`);
    failOf(reports);
    if (values.wait && address !== undefined)
      await waitFor(relayClient(address, signal), [...new Set(messages.map(({ dataset }) => dataset))], signal);
  } catch (error) {
    throw failureOf(error) ?? error;
  } finally {
    end();
  }
}

/** Options that say how to read other files. */
const NOT_OF_LEGACY = ['open', 'guid', 'tree', 'run-column', 'event-column', 'lumi-column', 'files-per-job'] as const;

/** The same, as `lumiscope import-eventindex` takes it. @throws Failure for what has no meaning there */
function legacyArguments(
  files: readonly string[],
  values: FileValues & {
    dataset?: string;
    relay?: string;
    job?: string;
    work?: string;
    declare: boolean;
    open: boolean;
    wait: boolean;
    'files-per-job': string;
    'dry-run': boolean;
  },
): string[] {
  const defaults: Partial<Record<string, unknown>> = { open: false, guid: '', 'files-per-job': FILES_PER_JOB };
  const other = NOT_OF_LEGACY.find((name) => String(values[name] ?? '') !== String(defaults[name] ?? ''));
  if (other !== undefined)
    throw wrongOption(`--${other} has no meaning for records of the EventIndex, which ${files[0]} holds`, HELP_AT);
  const { dataset, job, work, declare, wait } = values;
  const dry = values['dry-run'];
  return [
    ...files,
    ...(dataset === undefined ? [] : ['--dataset', dataset]),
    ...(dry ? ['--dry-run'] : ['--relay', relayAddress(values.relay, HELP_AT)]),
    ...(job === undefined ? [] : ['--job', job]),
    ...(work === undefined ? [] : ['--work', work]),
    ...(declare && !dry ? ['--declare'] : []),
    ...(wait && !dry ? ['--wait'] : []),
  ];
}

/** Shows on a terminal how many events were read. */
function counter(terminal: NodeJS.WriteStream | undefined): (events: number) => void {
  let total = 0;
  const began = performance.now();
  return (events) => {
    total += events;
    const rate = Math.round((1000 * total) / (performance.now() - began));
    terminal?.write(`\r${total.toLocaleString('en')} events read, ${rate.toLocaleString('en')} events/s\x1b[K`);
  };
}

export function declarationText({ dataset, files }: Declaration, again: boolean): string {
  return `${dataset}: ${again ? 'was declared before with' : 'declared with'} ${countText(files)}`;
}

function jobText({ index, of, files, messages, again, skipped, failure }: JobReport): string {
  const head = `job ${index + 1} of ${of}, ${countOf(files, 'file')}: `;
  if (failure) return `${head}failed: ${failure.message}`;
  const events = eventsOf(messages);
  const bytes = messages.reduce((sum, { object }) => sum + object.bytes, 0);
  const each = events > 0 ? `, ${(bytes / events).toPrecision(3)} B an event` : '';
  const known = skipped ? ', done before' : again > 0 ? ', was stored before' : '';
  return `${head}${countOf(events, 'event')}, ${formatBytes(bytes)}${each}${known}`;
}

function totalText(messages: readonly ControlMessage[], seconds: number): string {
  const events = eventsOf(messages);
  const datasets = new Set(messages.map(({ dataset }) => dataset)).size;
  const rate = Math.round(events / Math.max(seconds, 1e-3)).toLocaleString('en');
  return `${countOf(events, 'event')} of ${countOf(datasets, 'dataset')} staged in ${countOf(messages.length, 'object')}, ${rate} events/s`;
}

function countText(files: readonly { events: number }[]): string {
  const events = files.reduce((sum, file) => sum + file.events, 0);
  return `${countOf(files.length, 'file')}, ${countOf(events, 'event')}`;
}

const eventsOf = (messages: readonly ControlMessage[]) =>
  messages.reduce((sum, { files }) => sum + files.reduce((own, { events }) => own + events, 0), 0);

/** @throws Failure where jobs failed */
function failOf(reports: readonly JobReport[]): void {
  const failed = reports.filter(({ failure }) => failure);
  const [first] = failed;
  if (!first) return;
  const { message, status } = failureOf(first.failure)!;
  throw failed.length === 1 && reports.length === 1
    ? new Failure(status, message)
    : new Failure(EXIT.data, `${failed.length} of ${reports.length} jobs failed; the first one:\n${message}`);
}
