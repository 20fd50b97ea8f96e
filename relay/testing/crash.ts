/**
 * Kills the parts of a relay, each a process of its own, at any time: until nothing is left to do, after which the catalogue has to hold each event of each complete dataset once. Everything that chance decides
 * follows from the seed, but for what the machine does meanwhile.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Insertion, insertionSchema } from '../../core/ingest/datasetState.ts';
import { insertionPath } from '../../core/ingest/layout.ts';
import { seeded } from '../../workers/catalogue/testing/records.ts';
import type { ObjectStore } from '../../workers/objects/objectStore.ts';
import { openObjectStore } from '../../workers/objects/openObjectStore.ts';
import { listValidations } from '../consumer/waiting.ts';
import { parseJson } from '../json.ts';
import type { PartTask } from './crashPart.ts';
import { type CrashTruth, crashTruth, faultsOf, type StoredJobs } from './crashTruth.ts';

export interface CrashOptions {
  seed: number;
  /** Of all parts together, in this round. */
  kills: number;
  /** What `bundleCrashPart` made. */
  script: string;
  /** Address of an empty place in a store, with the environment that leads to it; default: a folder. */
  store?: { address: string; environment: Record<string, string> };
  /** After which the round has failed. */
  patienceMs?: number;
}

export interface CrashResult {
  /** By part. */
  kills: Record<string, number>;
  /** What is wrong; nothing where all is well. */
  faults: string[];
  ms: number;
}

const PARTS: { part: PartTask['part']; name: string }[] = [
  { part: 'api', name: 'api' },
  { part: 'supervisor', name: 'supervisor' },
  { part: 'consumer', name: 'consumer1' },
  { part: 'consumer', name: 'consumer2' },
  { part: 'producer', name: 'producer1' },
  { part: 'producer', name: 'producer2' },
];
/** Kills by the clock come within so long after a part was started. */
const SOON_MS = 900;
/** Changes of the store after which a part kills itself. */
const CHANGES = 24;

/** Builds the processes' program once: starting a process from its sources takes a second. @returns its path */
export async function bundleCrashPart(folder: string): Promise<string> {
  const { build } = await import('vite');
  await build({
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    root: fileURLToPath(new URL('../..', import.meta.url)),
    build: {
      ssr: fileURLToPath(new URL('./crashPart.ts', import.meta.url)),
      outDir: folder,
      emptyOutDir: true,
      target: 'node20',
      minify: false,
      reportCompressedSize: false,
      rollupOptions: { output: { entryFileNames: 'crashPart.mjs' } },
    },
  });
  return join(folder, 'crashPart.mjs');
}

/** One round: produce, kill, wait until all is quiet, compare. */
export async function crashRound(options: CrashOptions): Promise<CrashResult> {
  const folder = await mkdtemp(join(tmpdir(), 'lumiscope-crash-'));
  const round = new Round(options, folder, await crashTruth(options.seed));
  try {
    return await round.run();
  } finally {
    await round.end();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

class Round {
  readonly #options: CrashOptions;
  readonly #folder: string;
  readonly #truth: CrashTruth;
  readonly #random: () => number;
  readonly #children = new Map<string, ChildProcess>();
  readonly #kills: Record<string, number> = {};
  readonly #said: string[] = [];
  #left: number;
  /** Parts that are to be killed, or to kill themselves. */
  readonly #doomed = new Set<string>();
  #finished = new Set<string>();
  #isEnding = false;

  constructor(options: CrashOptions, folder: string, truth: CrashTruth) {
    this.#options = options;
    this.#folder = folder;
    this.#truth = truth;
    this.#random = seeded(options.seed);
    this.#left = options.kills;
  }

  async run(): Promise<CrashResult> {
    const began = performance.now();
    const { store, patienceMs = 120_000 } = this.#options;
    const address = store?.address ?? join(this.#folder, 'store');
    await mkdir(join(this.#folder, 'store'), { recursive: true });
    const jobs = this.#truth.jobs.map(({ object, message, halfOf, isRepeated }) => {
      return { object: Buffer.from(object).toString('base64'), message, halfOf, isRepeated };
    });
    const stored: StoredJobs = { jobs, declarations: this.#truth.declarations };
    await writeFile(join(this.#folder, 'jobs.json'), JSON.stringify(stored));
    const port = await freePort();
    const task = { folder: this.#folder, store: address, port, isHasty: this.#random() < 0.5 };
    for (const { part, name } of PARTS) this.#start({ ...task, part, name });
    const objects = openObjectStore(address, { ...process.env, ...store?.environment });
    while (!(await this.#isQuiet(objects))) {
      if (performance.now() - began > patienceMs)
        return this.#result(began, [
          `not quiet after ${patienceMs / 1000} s: ${this.#left} kills left, ${[...this.#finished].join(' and ') || 'no producer'} done`,
        ]);
      this.#killIfSpared();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await this.end();
    return this.#result(began, await faultsOf(objects, this.#truth));
  }

  /** Kills what runs, and waits until it is gone. */
  async end(): Promise<void> {
    this.#isEnding = true;
    const ended = [...this.#children.values()].map(
      (child) => new Promise<void>((resolve) => void child.once('exit', () => resolve())),
    );
    for (const child of this.#children.values()) child.kill('SIGKILL');
    await Promise.all(ended);
  }

  /** Kills one where kills are left and chance has spared all that run: the round would wait for them for ever. */
  #killIfSpared(): void {
    if (this.#left === 0 || this.#doomed.size > 0 || this.#children.size === 0) return;
    const names = [...this.#children.keys()].sort();
    const name = names[Math.floor(this.#random() * names.length)]!;
    this.#left--;
    this.#doomed.add(name);
    this.#children.get(name)!.kill('SIGKILL');
  }

  #result(began: number, faults: string[]): CrashResult {
    const said = faults.length > 0 ? this.#said.slice(-5) : [];
    return { kills: this.#kills, faults: [...faults, ...said], ms: Math.round(performance.now() - began) };
  }

  #start(task: Omit<PartTask, 'death'>): void {
    const { script, store } = this.#options;
    const { name } = task;
    const isToDie = this.#left > 0 && this.#random() < 0.8;
    const byItself = isToDie && task.part !== 'producer' && this.#random() < 0.6;
    const death = byItself && {
      at: 1 + Math.floor(this.#random() * CHANGES),
      when: this.#random() < 0.5 ? ('before' as const) : ('after' as const),
    };
    if (isToDie) {
      this.#left--;
      this.#doomed.add(name);
    }
    const whole: PartTask = { ...task, ...(death && { death }) };
    const child = spawn(process.execPath, [script, JSON.stringify(whole)], {
      env: { ...process.env, ...store?.environment, NODE_ENV: 'production' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#children.set(name, child);
    child.stderr!.on('data', (text: Buffer) => {
      if (!/Lumiscope relay|^ {2}\w+ +http|Stop with/.test(String(text))) this.#said.push(`${name}: ${text}`);
    });
    const timer = isToDie && !byItself && setTimeout(() => child.kill('SIGKILL'), 50 + this.#random() * SOON_MS);
    // What has come to rest will not change the store so often any more.
    const end = byItself && setTimeout(() => child.kill('SIGKILL'), 3000);
    child.once('exit', (code, signal) => {
      if (timer) clearTimeout(timer);
      if (end) clearTimeout(end);
      this.#children.delete(name);
      this.#doomed.delete(name);
      if (this.#isEnding) return;
      if (signal === 'SIGKILL') this.#kills[name] = (this.#kills[name] ?? 0) + 1;
      if (task.part === 'producer' && code === 0) this.#finished.add(name);
      else setTimeout(() => !this.#isEnding && this.#start(task), code === null ? 0 : 200);
    });
  }

  /** All jobs were sent, all complete datasets are published, and nothing else is under way. */
  async #isQuiet(objects: ObjectStore): Promise<boolean> {
    if (this.#finished.size < 2 || this.#left > 0) return false;
    const { signal } = new AbortController();
    const states = new Map<string, Insertion['state'] | undefined>();
    for await (const { dataset, generation, insertion } of listValidations(objects, undefined, signal)) {
      const path = insertionPath(dataset, generation);
      const found = insertion === undefined ? undefined : await objects.read(path);
      states.set(dataset, found && parseJson(insertionSchema, found.bytes, path).state);
    }
    const isRefused = (states.get(this.#truth.refused) ?? 'INSERTING') !== 'INSERTING';
    return isRefused && [...this.#truth.complete.keys()].every((dataset) => states.get(dataset) === 'DONE');
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
