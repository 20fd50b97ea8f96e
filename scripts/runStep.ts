import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { root } from './upToDate.ts';

/** The project's own tools first, whatever started this. */
const PATH = [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter);

/** Runs a command in the repository's folder with its output shown. @throws Error where it fails */
export function runStep(command: string, args: string[], env: Record<string, string> = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, PATH, ...env },
      // There, the tools are command files, which only a shell runs.
      shell: process.platform === 'win32',
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${[command, ...args].join(' ')} ended with ${signal ?? code}`));
    });
  });
}
