import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Axis, hasUnderflow } from '../core/hist/axis.ts';
import { EXPORT_FORMATS, type ExportFormat, whyNot } from '../core/hist/exportFormats.ts';
import { exportAll } from '../core/hist/exports.ts';
import type { Histogram } from '../core/hist/histogram.ts';
import type { AxisValue } from '../core/hist/indexer.ts';
import { type Locator, loc, select } from '../core/hist/select.ts';
import { EXIT, Failure, wrongOption } from './failure.ts';
import { readResult, write } from './resultFile.ts';

/** `lumiscope export RESULT.json --as FORMAT -o PATH`: writes histograms for other programs. */
export async function exportCommand(args: string[]): Promise<void> {
  const { path, format, names, at, output } = readArguments(args);
  const all = await readResult(path);
  for (const name of names) {
    if (all.some((one) => one.name === name)) continue;
    const there = all.map((one) => one.name).join(', ');
    throw new Failure(EXIT.option, `${path} has no histogram ${name}\n  it has ${there}`);
  }
  const named = names.length > 0 ? all.filter(({ name }) => names.includes(name)) : all;
  const wanted = named.map(({ name, histogram }) => ({ name, histogram: slicedAt(name, histogram, at) }));
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

/** The histogram at the bins that hold the values of `--at AXIS=VALUE`. */
function slicedAt(name: string, histogram: Histogram, at: readonly string[]): Histogram {
  const { axes } = histogram;
  const index = at.map((text): [number, Locator] => {
    // The name of an axis may be an expression.
    const end = text.lastIndexOf('=');
    const key = text.slice(0, end);
    const position = axes.findIndex((axis) => axis.label === key || axis.name === key);
    if (position < 0) {
      const there = axes.map((axis) => axis.label ?? axis.name).join(', ');
      throw new Failure(EXIT.option, `${name} has no axis ${key}\n  it has ${there}`);
    }
    return [position, loc(valueOn(axes[position]!, text.slice(end + 1)))];
  });
  return index.length > 0 ? select(histogram, Object.fromEntries(index)) : histogram;
}

function valueOn(axis: Axis, text: string): AxisValue {
  if (axis.type === 'strCategory') return text;
  if (axis.type === 'boolean' && /^(true|false)$/.test(text)) return text === 'true';
  if (axis.type === 'intCategory' && /^-?\d+$/.test(text)) return BigInt(text);
  const value = text === '' ? Number.NaN : Number(text);
  if (hasUnderflow(axis) && !Number.isNaN(value)) return value;
  throw wrongOption(`${text || 'nothing'} is no value of the axis ${axis.label ?? axis.name}`);
}

interface ExportArguments {
  path: string;
  format: ExportFormat;
  names: string[];
  at: string[];
  output: string;
}

function readArguments(args: string[]): ExportArguments {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      as: { type: 'string' },
      histogram: { type: 'string', multiple: true, default: [] },
      at: { type: 'string', multiple: true, default: [] },
      output: { type: 'string', short: 'o' },
    },
  });
  const [path, ...rest] = positionals;
  if (path === undefined || rest.length > 0) throw wrongOption('export takes one result');
  const formats = Object.keys(EXPORT_FORMATS).join(', ');
  if (values.as === undefined) throw wrongOption(`export needs a format: --as ${formats}`);
  if (!Object.hasOwn(EXPORT_FORMATS, values.as)) throw wrongOption(`--as is one of ${formats}, not ${values.as}`);
  if (values.output === undefined) throw wrongOption('export writes to a file or folder: -o');
  return { path, format: values.as as ExportFormat, names: values.histogram, at: values.at, output: values.output };
}
