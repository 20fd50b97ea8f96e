import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, expect, it } from 'vitest';
import { folderObjects } from './folderObjects.ts';

/** Programs at a time, and how often one is killed; more of them by hand: `LUMISCOPE_KILLS=1000`. */
const WRITERS = 4;
const KILLS = Number(process.env.LUMISCOPE_KILLS ?? 8);

const folder = mkdtempSync(join(tmpdir(), 'lumiscope-killed-'));
const running = new Set<ChildProcess>();
const kill = async (child: ChildProcess) => {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
  running.delete(child);
};
afterAll(async () => {
  await Promise.all([...running].map(kill));
  rmSync(folder, { recursive: true });
}, 120_000);

it(
  `of writers that are killed at any time, ${KILLS} of them, nothing is lost that was said to be written, and nothing is there twice`,
  async () => {
    await build({
      configFile: false,
      logLevel: 'error',
      build: {
        ssr: fileURLToPath(new URL('testing/appendForever.ts', import.meta.url)),
        outDir: join(folder, 'built'),
      },
    });
    let started = 0;
    const start = () => {
      const name = `w${started++}`;
      const script = join(folder, 'built/appendForever.js');
      const child = spawn(process.execPath, [script, folder, name], { stdio: ['pipe', 'ignore', 'pipe'] });
      child.stderr.on('data', (text) => said.push(`${name}: ${text}`));
      running.add(child);
      return { name, child };
    };
    const said: string[] = [];
    const logOf = (name: string) => {
      try {
        return readFileSync(join(folder, `${name}.log`), 'utf8');
      } catch {
        return '';
      }
    };
    const store = folderObjects(join(folder, 'store'));
    const read = async () => {
      const found = await store.read('list.json');
      return found ? (JSON.parse(new TextDecoder().decode(found.bytes)) as string[]) : [];
    };
    const writers = Array.from({ length: WRITERS }, start);
    let longest: string[] = [];
    for (let killed = 0; killed < KILLS; killed++) {
      const victim = writers.shift()!;
      // It is at work; then any moment.
      while (logOf(victim.name) === '') {
        await new Promise((resolve) => setTimeout(resolve, 5));
        const list = await read();
        expect(list.slice(0, longest.length)).toEqual(longest);
        longest = list;
        // Whoever reads the file itself sees one that is whole.
        if (list.length > 0) JSON.parse(readFileSync(join(folder, 'store/list.json'), 'utf8'));
      }
      await new Promise((resolve) => setTimeout(resolve, 20 * Math.random()));
      await kill(victim.child);
      writers.push(start());
    }
    for (const { child } of writers) await kill(child);

    const list = await read();
    expect(said).toEqual([]);
    expect(new Set(list).size).toBe(list.length);
    expect(list.slice(0, longest.length)).toEqual(longest);
    let acknowledged = 0;
    for (let k = 0; k < started; k++) {
      for (const line of logOf(`w${k}`).split('\n').slice(0, -1)) {
        const [place, entry] = line.split(' ');
        expect(list[Number(place)]).toBe(entry);
        acknowledged++;
      }
    }
    // A process is killed between its writing and its saying so at most once.
    expect(acknowledged).toBeGreaterThanOrEqual(KILLS);
    expect(list.length - acknowledged).toBeLessThanOrEqual(started);
    const names = readdirSync(join(folder, 'store')).filter((name) => !name.startsWith('.lumiscope-'));
    expect(names).toEqual(['list.json']);
  },
  120_000 + 2000 * KILLS,
);
