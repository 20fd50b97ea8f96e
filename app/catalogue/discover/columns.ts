/** Columns of the table of datasets and containers. */
import type { FieldValue } from '../../../core/catalogue/query.ts';
import { formatBytes, formatCount } from '../../numbers.ts';

export type Show = 'containers' | 'datasets';

export interface DiscoverColumn {
  /** A field of the language of searches. */
  name: string;
  label: string;
  /** Characters. */
  width: number;
  kind: 'text' | 'count' | 'bytes' | 'time' | 'flag';
  /** Shown where nothing else is chosen; `true` for both tables. */
  shown?: Show | true;
}

export const COLUMNS: readonly DiscoverColumn[] = [
  { name: 'run_number', label: 'Run', width: 10, kind: 'text', shown: true },
  { name: 'project', label: 'Project', width: 15, kind: 'text' },
  { name: 'stream_name', label: 'Stream', width: 20, kind: 'text', shown: true },
  { name: 'prod_step', label: 'Step', width: 9, kind: 'text', shown: true },
  { name: 'data_type', label: 'Data type', width: 17, kind: 'text', shown: true },
  { name: 'ami_tag', label: 'AMI tag', width: 18, kind: 'text', shown: true },
  { name: 'tid', label: 'Task', width: 13, kind: 'text', shown: 'datasets' },
  { name: 'datasets', label: 'Datasets', width: 11, kind: 'count', shown: 'containers' },
  { name: 'state', label: 'State', width: 14, kind: 'text', shown: true },
  { name: 'events_rucio', label: 'Declared', width: 14, kind: 'count', shown: true },
  { name: 'events', label: 'Events', width: 14, kind: 'count', shown: true },
  { name: 'events_uniq', label: 'Distinct', width: 14, kind: 'count' },
  { name: 'events_dup', label: 'Duplicated', width: 13, kind: 'count', shown: true },
  { name: 'files_rucio', label: 'Files', width: 9, kind: 'count', shown: true },
  { name: 'files', label: 'Counted files', width: 15, kind: 'count' },
  { name: 'files_dup', label: 'Files with duplicates', width: 22, kind: 'count' },
  { name: 'bytes', label: 'Size', width: 11, kind: 'bytes', shown: true },
  { name: 'smk', label: 'SMK', width: 8, kind: 'text' },
  { name: 'inserted', label: 'Inserted', width: 18, kind: 'time' },
  { name: 'state_time', label: 'State since', width: 18, kind: 'time' },
  { name: 'state_details', label: 'State details', width: 40, kind: 'text' },
  { name: 'has_trigger', label: 'Trigger', width: 9, kind: 'flag' },
  { name: 'has_raw', label: 'RAW', width: 7, kind: 'flag' },
  { name: 'prov_seen', label: 'Provenance', width: 12, kind: 'flag' },
  { name: 'is_open', label: 'Open', width: 7, kind: 'flag' },
  { name: 'source_path', label: 'Source', width: 50, kind: 'text' },
  { name: 'name', label: 'Name', width: 70, kind: 'text' },
];

const BY_NAME = new Map(COLUMNS.map((column) => [column.name, column]));

/** Columns by the link's parameter; without one, those that are shown at first. */
export function columnsOf(parameter: string, show: Show): DiscoverColumn[] {
  const chosen = parameter.split(',').flatMap((name) => BY_NAME.get(name) ?? []);
  return chosen.length > 0 ? chosen : COLUMNS.filter((column) => column.shown === true || column.shown === show);
}

/** `2018-04-30 16:21`, in UTC, as the catalogue counts. */
export function formatTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
}

/** A value as the table shows it; several, of a container whose datasets differ, one after the other. */
export function cellText({ kind, name }: DiscoverColumn, values: readonly FieldValue[]): string {
  return [...new Set(values)].map((value) => valueText(kind, name, value)).join(', ');
}

function valueText(kind: DiscoverColumn['kind'], name: string, value: FieldValue): string {
  if (value === undefined || value === '') return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value;
  if (kind === 'count') return formatCount(value);
  if (kind === 'bytes') return formatBytes(value);
  if (kind === 'time') return formatTime(value);
  return name === 'tid' && value === 0 ? '–' : String(value);
}

export interface Sort {
  column: string;
  descending: boolean;
}

/** `events.desc` in the link. */
export function parseSort(text: string): Sort | undefined {
  const [column = '', order] = text.split('.');
  return BY_NAME.has(column) ? { column, descending: order === 'desc' } : undefined;
}

export function formatSort(sort: Sort | undefined): string {
  return sort ? `${sort.column}${sort.descending ? '.desc' : ''}` : '';
}

/** The order of rows by their values; what is missing comes last, whichever way. Equal rows keep their order. */
export function orderOf(values: readonly FieldValue[], descending: boolean): number[] {
  const sign = descending ? -1 : 1;
  return values
    .map((_, row) => row)
    .sort((a, b) => {
      const [x, y] = [values[a], values[b]];
      if (x === y) return a - b;
      if (x === undefined || x === '') return 1;
      if (y === undefined || y === '') return -1;
      return (x < y ? -1 : 1) * sign;
    });
}
