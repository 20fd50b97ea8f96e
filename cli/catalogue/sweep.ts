import { parseArgs } from 'node:util';
import { LIFETIME_DAYS, type SweptObject, sweepCatalogue } from '../../workers/catalogue/write/sweepCatalogue.ts';
import { openObjectStore } from '../../workers/objects/openObjectStore.ts';
import { failureOf, wrongOption } from '../failure.ts';
import { formatOf, printRows, put } from './rows.ts';

const HELP_AT = 'lumiscope catalogue sweep --help';

/** `lumiscope catalogue sweep CATALOGUE`: removes what the catalogue does not name any more. */
export async function sweepCommand(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      'older-than': { type: 'string', default: String(LIFETIME_DAYS) },
      'dry-run': { type: 'boolean', default: false },
      format: { type: 'string', default: 'text' },
      output: { type: 'string', short: 'o' },
    },
  });
  const format = formatOf(values);
  const [address, more] = positionals;
  if (address === undefined || more !== undefined) throw wrongOption('one catalogue has to be named', HELP_AT);
  const days = Number(values['older-than']);
  if (!(days >= 1))
    throw wrongOption(`--older-than is a number of days, at least 1, not ${values['older-than']}`, HELP_AT);
  const isTrial = values['dry-run'];
  try {
    const store = openObjectStore(address.replace(/manifest\.json$/, '') || '.');
    const { removed, young } = await sweepCatalogue(store, { olderThan: days, isTrial });
    await put(printRows({ columns: ['path', 'bytes', 'modified'], rows: removed.map(rowOf) }, format), values);
    const bytes = removed.reduce((sum, object) => sum + object.bytes, 0).toLocaleString('en');
    const objects = `${removed.length.toLocaleString('en')} ${removed.length === 1 ? 'object' : 'objects'}, ${bytes} bytes,`;
    const kept = young > 0 ? `; ${young.toLocaleString('en')} younger than ${days} days stay` : '';
    process.stderr.write(`${objects} ${isTrial ? 'would be removed' : 'removed'}${kept}\n`);
  } catch (error) {
    throw failureOf(error) ?? error;
  }
}

const rowOf = ({ path, bytes, modified }: SweptObject) => [path, bytes, new Date(modified).toISOString()];
