/**
 * The relay's interface under load: producers in parallel, each of which uploads an object and sends its message, against the relay as a program over a folder. Beside it, in the same run, a bare server of node:http that
 * takes the same bodies and throws them away: the ratio is what checking, keeping and answering costs.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { figure, percentile, print } from './report.ts';

const PRODUCERS = [1, 8, 64];
const JOBS = 400;
const OBJECT_BYTES = 100_000;
const DATASET = 'data15_13TeV.00276262.physics_Main.merge.AOD.r7562_p2521';

const BUILT = fileURLToPath(new URL('../dist-cli/relay.js', import.meta.url));
const BARE = `
import { createServer } from 'node:http';
const server = createServer((request, response) => {
  request.resume().on('end', () => response.end('{}'));
}).listen(0, '127.0.0.1', () => process.stderr.write('app http://127.0.0.1:' + server.address().port + '/\\n'));
`;

interface Program {
  child: ChildProcess;
  url: string;
}

async function start(args: string[]): Promise<Program> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr!.on('data', (part) => {
    said += part;
  });
  while (!/app +(\S+)/.test(said)) {
    if (child.exitCode !== null) throw new Error(said);
    await Promise.race([once(child.stderr!, 'data'), once(child, 'exit')]);
  }
  return { child, url: /app +(http:\S+)\//.exec(said)![1]! };
}

async function stop({ child }: Program): Promise<void> {
  child.kill('SIGTERM');
  if (child.exitCode === null) await once(child, 'exit');
}

/** Most that a process ever had in memory [bytes]; undefined where the system does not say. */
function peakOf({ child }: Program): number | undefined {
  try {
    const [, kB] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
    return Number(kB) * 1024;
  } catch {
    return undefined;
  }
}

interface Job {
  sha256: string;
  bytes: Buffer<ArrayBuffer>;
  message: string;
}

function jobOf(id: number): Job {
  const bytes = Buffer.from(randomBytes(OBJECT_BYTES));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const guid = `00000000-0000-0000-0000-${String(id).padStart(12, '0')}`;
  const files = [{ guid, events: 1000, digest: sha256 }];
  const object = { sha256, bytes: OBJECT_BYTES };
  return {
    sha256,
    bytes,
    message: JSON.stringify({ dataset: DATASET, job: { id }, producer: 'bench', object, files }),
  };
}

/** Seconds of all jobs, and ms of each request. */
async function load({ url }: Program, jobs: readonly Job[], producers: number) {
  const upload: number[] = [];
  const message: number[] = [];
  const timed = async (times: number[], path: string, init: RequestInit) => {
    const begin = performance.now();
    const answer = await fetch(url + path, init);
    await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
    times.push(performance.now() - begin);
  };
  const queue = [...jobs];
  const begin = performance.now();
  await Promise.all(
    Array.from({ length: producers }, async () => {
      for (let job = queue.shift(); job; job = queue.shift()) {
        await timed(upload, `/v1/objects/${job.sha256}`, { method: 'PUT', body: job.bytes });
        const headers = { 'content-type': 'application/json' };
        await timed(message, '/v1/messages', { method: 'POST', body: job.message, headers });
      }
    }),
  );
  return { seconds: (performance.now() - begin) / 1000, upload, message };
}

if (!existsSync(BUILT)) {
  process.stderr.write('no dist-cli/relay.js here: run `npm run build` first\n');
  process.exit(1);
}
const folder = mkdtempSync(join(tmpdir(), 'lumiscope-bench-'));
const rows: string[][] = [];
const bare = await start(['--input-type=module', '-e', BARE]);
const options = ['--port', '0', '--folder', folder, '--roles', 'api,supervisor', '--log-level', 'warn'];
process.env.LUMISCOPE_RELAY_LIMITS_REQUESTS_PER_MINUTE = '1000000';
process.env.LUMISCOPE_RELAY_SELF_TEST = '0 s';
const relay = await start([BUILT, ...options]);
let id = 0;
const newJobs = (count: number) => Array.from({ length: count }, () => jobOf(++id));
await load(bare, newJobs(50), 8);
await load(relay, newJobs(50), 8);
for (const producers of PRODUCERS) {
  const jobs = newJobs(JOBS);
  const plain = await load(bare, jobs, producers);
  const found = await load(relay, jobs, producers);
  rows.push([
    String(producers),
    `${figure((2 * JOBS) / found.seconds)}/s`,
    `${figure((JOBS * OBJECT_BYTES) / 1e6 / found.seconds)} MB/s`,
    ...[found.upload, found.message].map(
      (times) => `${figure(percentile(times, 0.5))} / ${figure(percentile(times, 0.99))} ms`,
    ),
    `${figure((2 * JOBS) / plain.seconds)}/s (${(found.seconds / plain.seconds).toFixed(1)}×)`,
    `${figure((peakOf(relay) ?? Number.NaN) / 1e6)} MB`,
  ]);
}
await Promise.all([stop(bare), stop(relay)]);
rmSync(folder, { recursive: true });
print(
  'The relay under load',
  [
    'producers',
    'requests',
    'objects',
    'upload p50 / p99',
    'message p50 / p99',
    'bare node:http (faster)',
    'memory at most',
  ],
  rows,
  [
    `${JOBS} jobs, each an object of ${OBJECT_BYTES / 1000} kB and its message; a folder of this machine as store, each object on disk before it is answered`,
    'producers, relay and bare server share the machine',
  ],
);
