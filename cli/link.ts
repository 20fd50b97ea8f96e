import { parseArgs } from 'node:util';
import { encodeLink } from '../core/analysis/link.ts';
import { readDocument } from './documentFile.ts';
import { wrongOption } from './failure.ts';

const DEFAULT_BASE = 'http://localhost:4173/';

/** `lumiscope link DOC.yaml`: prints the link that opens the document in the app. */
export async function linkCommand(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { base: { type: 'string', default: DEFAULT_BASE } },
  });
  const [path, ...rest] = positionals;
  if (path === undefined || rest.length > 0) throw wrongOption('link takes one document');
  const { document } = await readDocument(path);
  process.stdout.write(`${values.base}${encodeLink(document)}\n`);
}
