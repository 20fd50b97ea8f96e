import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { root } from './upToDate.ts';

/** The project's own tools first, whatever started this. */
const PATH = [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter);

/** Runs a command in the repository's folder with its output shown. @throws Error where it fails */
export function runStep(command: string, args: string[], env: Record<string, string> = {}): Promise<void> {
  return run(command, args, env, 'inherit').ended;
}

/** Runs commands at once, and shows the output of each when it ends. @throws Error where one fails, when all have ended */
export async function runTogether(commands: readonly (readonly [command: string, args: string[]])[]): Promise<void> {
  const ends = await Promise.allSettled(
    commands.map(async ([command, args]) => {
      const { child, ended } = run(command, args, {}, ['inherit', 'pipe', 'pipe']);
      const output: Buffer[] = [];
      for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk: Buffer) => output.push(chunk));
      await ended.finally(() => process.stdout.write(Buffer.concat(output)));
    }),
  );
  const failure = ends.find((end) => end.status === 'rejected');
  if (failure) throw failure.reason;
}

function run(
  command: string,
  args: string[],
  env: Record<string, string>,
  stdio: StdioOptions,
): { child: ChildProcess; ended: Promise<void> } {
  const child = spawn(command, args, {
    cwd: root,
    stdio,
    env: { ...process.env, PATH, ...env },
    // There, the tools are command files, which only a shell runs.
    shell: process.platform === 'win32',
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    // Not `exit`: what it wrote has come by then.
    child.once('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${[command, ...args].join(' ')} ended with ${signal ?? code}`));
    });
  });
  return { child, ended };
}
