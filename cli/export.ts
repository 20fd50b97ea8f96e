import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { EXPORT_FORMATS, type ExportFormat, whyNot } from '../core/hist/exportFormats.ts';
import { exportAll } from '../core/hist/exports.ts';
import { EXIT, Failure, wrongOption } from './failure.ts';
import { readResult, write } from './resultFile.ts';

/** `lumiscope export RESULT.json --as FORMAT -o PATH`: writes histograms for other programs. */
export async function exportCommand(args: string[]): Promise<void> {
  const { path, format, names, output } = readArguments(args);
  const all = await readResult(path);
  for (const name of names) {
    if (all.some((one) => one.name === name)) continue;
    const there = all.map((one) => one.name).join(', ');
    throw new Failure(EXIT.option, `${path} has no histogram ${name}\n  it has ${there}`);
  }
  const wanted = names.length > 0 ? all.filter(({ name }) => names.includes(name)) : all;
  for (const { name, histogram } of wanted) {
    const reason = whyNot(histogram, format);
    if (reason) process.stderr.write(`lumiscope: ${name} is left out: ${reason}\n`);
  }
  const files = exportAll(wanted, format, basename(output).replace(/\..*$/, ''));
  if (EXPORT_FORMATS[format].together) return write(output, files[0]!.text);
  await mkdir(output, { recursive: true }).catch((error: Error) => {
    throw new Failure(EXIT.option, `can not write ${output}: ${error.message}`);
  });
  await Promise.all(files.map(({ name, text }) => write(join(output, name), text)));
}

function readArguments(args: string[]): { path: string; format: ExportFormat; names: string[]; output: string } {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      as: { type: 'string' },
      histogram: { type: 'string', multiple: true, default: [] },
      output: { type: 'string', short: 'o' },
    },
  });
  const [path, ...rest] = positionals;
  if (path === undefined || rest.length > 0) throw wrongOption('export takes one result');
  const formats = Object.keys(EXPORT_FORMATS).join(', ');
  if (values.as === undefined) throw wrongOption(`export needs a format: --as ${formats}`);
  if (!Object.hasOwn(EXPORT_FORMATS, values.as)) throw wrongOption(`--as is one of ${formats}, not ${values.as}`);
  if (values.output === undefined) throw wrongOption('export writes to a file or folder: -o');
  return { path, format: values.as as ExportFormat, names: values.histogram, output: values.output };
}
