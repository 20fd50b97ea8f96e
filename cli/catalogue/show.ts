import { parseArgs } from 'node:util';
import { CATALOGUE_OPTIONS, openForCommand } from './open.ts';
import { type Cell, formatOf, printRows, put } from './rows.ts';

/** `lumiscope catalogue show CATALOGUE`: what it is. */
export async function showCommand(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: CATALOGUE_OPTIONS });
  const format = formatOf(values);
  const text = await openForCommand(positionals[0], values, async ({ manifest }) => {
    const { title, serial, changed, simulated, families, parts } = manifest;
    const records = parts.reduce((sum, { rows }) => sum + rows, 0);
    const about: Record<string, Cell> = {
      title,
      serial,
      changed,
      simulated,
      families: families.length,
      parts: parts.length,
      records,
    };
    return format === 'text'
      ? printRows({ columns: ['', ''], rows: Object.entries(about) }, 'text')
      : printRows({ columns: Object.keys(about), rows: [Object.values(about)] }, format);
  });
  await put(text, values);
}
