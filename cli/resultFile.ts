import { open, readFile, writeFile } from 'node:fs/promises';
import { LumiscopeError, toPlain } from '../core/errors.ts';
import type { NamedHistogram } from '../core/hist/datasets.ts';
import { fromUhiFile } from '../core/hist/uhiRead.ts';
import { fileSource } from '../workers/io/nodeFile.ts';
import { EXIT, Failure } from './failure.ts';

/**
 * The histograms of a file: UHI JSON, as `lumiscope run` or Python wrote it, or a ROOT file with histograms in it.
 * @throws Failure that names the file
 */
export async function readResult(path: string): Promise<NamedHistogram[]> {
  try {
    if (await isRoot(path)) return await readRoot(path);
    return fromUhiFile(await readFile(path, 'utf8'));
  } catch (error) {
    const { message, hint } = toPlain(error);
    const where = message.startsWith(path) ? '' : `${path}: `;
    throw new Failure(EXIT.data, `${where}${message}${hint ? `\n  ${hint}` : ''}`);
  }
}

async function isRoot(path: string): Promise<boolean> {
  const file = await open(path).catch((error: Error) => {
    throw new LumiscopeError('source', `${path} can not be read: ${error.message}`);
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return bytesRead === 4 && buffer.toString('latin1') === 'root';
  } finally {
    await file.close();
  }
}

async function readRoot(path: string): Promise<NamedHistogram[]> {
  const { openHistograms } = await import('../workers/formats/root/histograms/readHistograms.ts');
  const { histograms, leftOut } = await openHistograms(await fileSource(path, { bytes: 0, requests: 0 }));
  for (const { name, reason } of leftOut) process.stderr.write(`lumiscope: ${name} is left out: ${reason}\n`);
  return histograms;
}

/** @throws Failure where the file can't be written */
export async function write(path: string, text: string): Promise<void> {
  await writeFile(path, text).catch((error: Error) => {
    throw new Failure(EXIT.option, `can not write ${path}: ${error.message}`);
  });
}
