import { readFile, writeFile } from 'node:fs/promises';
import { toPlain } from '../core/errors.ts';
import type { NamedHistogram } from '../core/hist/datasets.ts';
import { fromUhiFile } from '../core/hist/uhiRead.ts';
import { EXIT, Failure } from './failure.ts';

/** The histograms of a UHI JSON file, as `lumiscope run` or Python wrote it. @throws Failure that names the file */
export async function readResult(path: string): Promise<NamedHistogram[]> {
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new Failure(EXIT.data, `${path} can not be read: ${error.message}`);
  });
  try {
    return fromUhiFile(text);
  } catch (error) {
    const { message, hint } = toPlain(error);
    throw new Failure(EXIT.data, `${path}: ${message}${hint ? `\n  ${hint}` : ''}`);
  }
}

/** @throws Failure where the file can't be written */
export async function write(path: string, text: string): Promise<void> {
  await writeFile(path, text).catch((error: Error) => {
    throw new Failure(EXIT.option, `can not write ${path}: ${error.message}`);
  });
}
