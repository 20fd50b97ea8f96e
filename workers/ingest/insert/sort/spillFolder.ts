import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const NAME = /^insert-(\d+)-/;
/** Of this process, whichever of its threads this is; ms since 1970-01-01 UTC. */
const STARTED = Date.now() - process.uptime() * 1000;

/**
 * Gives work a folder of its own, and removes it afterwards; also those that programs left behind that were killed.
 * @param parent made where it is not there
 */
export async function withSpillFolder<T>(parent: string, work: (folder: string) => Promise<T>): Promise<T> {
  await mkdir(parent, { recursive: true });
  for (const name of await readdir(parent)) {
    const [, pid] = NAME.exec(name) ?? [];
    const path = join(parent, name);
    if (pid && (await isLeftOver(path, Number(pid)))) await rm(path, { recursive: true, force: true });
  }
  const folder = await mkdtemp(join(parent, `insert-${process.pid}-`));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** In a container each process that is started again may have the number of the one before. */
async function isLeftOver(path: string, pid: number): Promise<boolean> {
  if (pid !== process.pid) return !isAlive(pid);
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && found.mtimeMs < STARTED;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
