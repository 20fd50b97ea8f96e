import { parseArgs } from 'node:util';
import { printGuid } from '../../core/catalogue/eventKey.ts';
import { containerOf, datasetOf, datasetsOf, fieldValues, nameOfDataset } from '../../core/catalogue/find.ts';
import { QUERY_FIELDS } from '../../core/catalogue/queryFields.ts';
import type { ContainerRow, DatasetRow } from '../../core/catalogue/tables.ts';
import type { OpenCatalogue } from '../../workers/catalogue/openCatalogue.ts';
import { EXIT, Failure, wrongOption } from '../failure.ts';
import { cellOf } from './find.ts';
import { CATALOGUE_OPTIONS, openForCommand } from './open.ts';
import { type Cell, type Format, formatOf, jsonCell, printRows, put } from './rows.ts';

/** `lumiscope catalogue show CATALOGUE [NAME]`: what the catalogue is, or all that is known of a dataset or container. */
export async function showCommand(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { ...CATALOGUE_OPTIONS, files: { type: 'boolean', default: false } },
  });
  const format = formatOf(values);
  const [address, name, ...rest] = positionals;
  if (rest.length > 0) throw wrongOption('show takes one name', 'lumiscope catalogue --help');
  const text = await openForCommand(address, values, async (catalogue) => {
    if (name === undefined) return printFacts(aboutCatalogue(catalogue), format);
    const dataset = datasetOf(catalogue, name);
    const container = dataset ?? containerOf(catalogue, name);
    if (!container)
      throw new Failure(
        EXIT.data,
        `there is no dataset or container ${name}\n  lumiscope catalogue containers finds names`,
      );
    if (values.files) return printFiles(catalogue, container, format);
    const datasets = dataset ? [] : datasetsOf(catalogue, container);
    return printFacts(aboutRow(catalogue, container), format, datasets.map(nameOfDataset));
  });
  await put(text, values);
}

function aboutCatalogue({ manifest, tables }: OpenCatalogue): Record<string, Cell> {
  const { title, serial, changed, simulated, families, parts } = manifest;
  return {
    title,
    serial,
    changed,
    simulated,
    families: families.length,
    containers: tables.containers.length,
    datasets: tables.datasets.length,
    parts: parts.length,
    records: parts.reduce((sum, { rows }) => sum + rows, 0),
    bytes: parts.reduce((sum, { keys, records, index }) => sum + keys.bytes + records.bytes + index.bytes, 0),
  };
}

function aboutRow(catalogue: OpenCatalogue, row: DatasetRow | ContainerRow): Record<string, Cell> {
  return Object.fromEntries(
    QUERY_FIELDS.map(({ name }) => [name, cellOf(name, fieldValues(catalogue, row, name))] as const).filter(
      ([, value]) => value !== undefined && value !== '',
    ),
  );
}

function printFacts(facts: Record<string, Cell>, format: Format, datasets: readonly string[] = []): string {
  if (format === 'json') {
    const plain = Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, jsonCell(value)]));
    return `${JSON.stringify(datasets.length > 0 ? { ...plain, datasets } : plain, null, 2)}\n`;
  }
  if (format === 'csv') return printRows({ columns: Object.keys(facts), rows: [Object.values(facts)] }, 'csv');
  const width = Math.max(...Object.keys(facts).map((name) => name.length));
  const lines = Object.entries(facts).map(([name, value]) => `  ${name.padEnd(width)}  ${value ?? '–'}\n`);
  return lines.join('') + datasets.map((name) => `  ${'dataset'.padEnd(width)}  ${name}\n`).join('');
}

async function printFiles(catalogue: OpenCatalogue, row: DatasetRow | ContainerRow, format: Format): Promise<string> {
  const files = await catalogue.files(row.dspid, row.dstypeid);
  const own = files.filter(({ tid }) => !('tid' in row) || tid === row.tid);
  return printRows(
    {
      columns: ['file', 'guid', 'tid', 'events_rucio', 'bytes'],
      rows: own.map(({ file, guid_hi, guid_lo, tid, events_rucio, bytes }) => [
        file,
        printGuid({ hi: guid_hi, lo: guid_lo }),
        tid,
        events_rucio,
        bytes,
      ]),
    },
    format,
  );
}
