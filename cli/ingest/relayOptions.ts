import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DatasetProgress } from '../../core/ingest/happening.ts';
import { VERSION } from '../../core/version.ts';
import type { EventInput } from '../../workers/ingest/produce/eventSource.ts';
import { RelayClient } from '../../workers/ingest/produce/relayClient.ts';
import { listKeys } from '../../workers/io/listing.ts';
import { setAccess } from '../../workers/io/send.ts';
import { addressesOf } from '../addresses.ts';
import { EXIT, Failure, wrongOption } from '../failure.ts';
import { countOf } from '../text.ts';

/** Of every command that speaks with a relay, for `parseArgs`. */
export const RELAY_OPTIONS = {
  relay: { type: 'string' },
  dataset: { type: 'string' },
  'token-host': { type: 'string', multiple: true, default: [] as string[] },
  'dry-run': { type: 'boolean', default: false },
  wait: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** Of every command that reads event headers. */
export const FILE_OPTIONS = {
  guid: { type: 'string', multiple: true, default: [] as string[] },
  tree: { type: 'string' },
  'run-column': { type: 'string' },
  'event-column': { type: 'string' },
  'lumi-column': { type: 'string' },
} as const;

/** What `parseArgs` makes of them. */
export interface FileValues {
  guid: string[];
  tree?: string;
  'run-column'?: string;
  'event-column'?: string;
  'lumi-column'?: string;
}

/** A signal that fires with the first Ctrl+C; a second one ends the program at once. */
export function untilInterrupted(): { signal: AbortSignal; end(): void } {
  const stop = new AbortController();
  const interrupt = () => {
    if (stop.signal.aborted) process.exit(EXIT.interrupted);
    stop.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return {
    signal: stop.signal,
    end() {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', interrupt);
    },
  };
}

/** A whole number from `least` on. @param help where to look @throws Failure */
export function wholeNumber(option: string, text: string, least: number, help: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number >= least) return number;
  throw wrongOption(`--${option} is a whole number from ${least} on, not ${text}`, help);
}

/** @param help where to look @throws Failure where no relay is named */
export function relayAddress(relay: string | undefined, help: string): string {
  const address = relay ?? process.env.LUMISCOPE_RELAY;
  if (!address) throw wrongOption('which relay? Its address goes with --relay, or into LUMISCOPE_RELAY', help);
  return address;
}

/** A relay; what is wrong while it is tried again goes to the terminal. @param clear removes what stands in its line */
export function relayClient(address: string, signal: AbortSignal, clear = () => {}): RelayClient {
  const onTrouble = (reason: string, ms: number) => {
    clear();
    process.stderr.write(`${reason}; once more in ${(ms / 1000).toFixed(1)} s\n`);
  };
  return new RelayClient(address, { signal, onTrouble });
}

/**
 * Files of events that are named on the command line, patterns replaced by what matches; keys and tokens of the environment are given to the hosts that they are for, the relay's among them.
 * @param relay its address, where something is sent
 * @throws Failure for wrong options; LumiscopeError `source`, `limit`
 */
export async function eventInputs(
  names: readonly string[],
  values: FileValues & { 'token-host': string[] },
  relay: string | undefined,
): Promise<EventInput[]> {
  const tokenHosts = [...values['token-host'], ...(relay ? [new URL(relay).host] : [])];
  const counter = { bytes: 0, requests: 0 };
  const access = { setAccess, list: (listing: Parameters<typeof listKeys>[0]) => listKeys(listing, counter) };
  const folder = process.cwd();
  const addresses = (
    await addressesOf([names.map((file) => ({ file, folder, trusted: true }))], access, tokenHosts)
  ).flat();
  const { guid: guids, tree } = values;
  const guid = guids.map((text) => text.toUpperCase());
  const wrong = guid.find((text) => !/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/.test(text));
  if (wrong) throw wrongOption(`--guid ${wrong} is no GUID: 01234567-89AB-CDEF-0123-456789ABCDEF`);
  if (guid.length > 0 && guid.length !== addresses.length)
    throw wrongOption(
      `there are ${addresses.length} files and ${guid.length} --guid: one for each, in the order of the files`,
    );
  const columns = { run: values['run-column'], event: values['event-column'], block: values['lumi-column'] };
  return addresses.map((address, k) => ({
    address: tree === undefined ? address : { ...address, tree },
    guid: guid[k],
    columns,
  }));
}

/** Who speaks, for people: the machine, the program, and the batch job where it runs in one. */
export function producerName(): string {
  const { PANDAID, SLURM_JOB_ID, LSB_JOBID, PBS_JOBID } = process.env;
  const batch = Object.entries({ PANDAID, SLURM_JOB_ID, LSB_JOBID, PBS_JOBID }).find(([, id]) => id);
  return `${hostname()} lumiscope/${VERSION}${batch ? ` ${batch[0]}=${batch[1]}` : ''}`.slice(0, 256);
}

/** Waits until datasets are published, and says how they fare. @throws Failure where one fails */
export async function waitFor(relay: RelayClient, datasets: readonly string[], signal: AbortSignal): Promise<void> {
  const shown = new Map<string, string>();
  for (const left = new Set(datasets); left.size > 0; ) {
    for (const name of left) {
      const progress = await relay.dataset(name);
      const text = progress ? stateText(progress) : 'the relay does not know it yet';
      if (shown.get(name) !== text) process.stderr.write(`${name}: ${text}\n`);
      shown.set(name, text);
      if (progress?.state === 'DONE') left.delete(name);
      if (progress?.state === 'FAIL') throw new Failure(EXIT.data, `${name} can't be published: ${progress.details}`);
    }
    if (left.size > 0) await sleep(500, undefined, { signal }).catch(() => {});
    if (signal.aborted) throw new Failure(EXIT.interrupted, 'interrupted: the relay goes on without us');
  }
}

function stateText({ state, details, files, filesComplete, events, alarms }: DatasetProgress): string {
  const complete =
    state === 'COLLECTING' ? ` (${filesComplete} of ${countOf(files, 'file')})` : ` (${countOf(events, 'event')})`;
  return [`${state}${complete}`, details, ...alarms.map(({ reason }) => reason)].filter(Boolean).join('; ');
}
