import { LumiscopeError } from '../../../core/errors.ts';
import type { ColumnInfo } from '../../../core/schema/column.ts';
import { IDENTITY_NAMES, identityColumn } from '../../../core/schema/eventIdentity.ts';
import type { FileSummary } from '../../formats/eventFile.ts';
import { nameOf } from '../../schedule/files.ts';

/** Columns that a person named: those of other files have the usual names. */
export interface GivenColumns {
  run?: string | undefined;
  event?: string | undefined;
  block?: string | undefined;
}

/** Where a file has what an event record holds: names of columns. */
export interface HeaderColumns {
  run: string;
  event: string;
  block?: string;
  bunch?: string;
  channel?: string;
  /** Of lists, their first value is taken. */
  weight?: string;
  /** Columns of booleans, by the name of their chain. */
  chains: Record<'l1' | 'hlt', ReadonlyMap<string, string>>;
}

const BUNCH = ['bunchCrossing', 'bcid', 'BCID', 'EventInfoAuxDyn.bcid', 'EventAuxiliary.bunchCrossing'];
const CHANNEL = ['mcChannelNumber', 'mcChannel', 'channelNumber', 'EventInfoAuxDyn.mcChannelNumber'];
const WEIGHT = [
  'genWeight',
  'Generator_weight',
  'mcEventWeights',
  'mcEventWeight',
  'mc_weight',
  'mcWeight',
  'weight_mc',
  'weight_mc_NOSYS',
  'EventInfoAuxDyn.mcEventWeights',
];
/** NanoAOD's names, and those of ATLAS' ntuples. */
const CHAIN = { l1: /^(?:trigPassed_)?(L1_.+)$/, hlt: /^(?:trigPassed_)?(HLT_.+)$/ } as const;
/** Columns that are named to who looks for the right ones. */
const SHOWN = 12;

/** Finds the columns of event headers. @throws LumiscopeError `format` where there is no run or event number: what was looked for, and what is there */
export function headerColumns(summary: FileSummary, given: GivenColumns = {}): HeaderColumns {
  const columns = new Map(summary.columns.map((column) => [column.name, column]));
  const required = (part: 'run' | 'event'): string => {
    const found = given[part] === undefined ? identityColumn({ columns }, part) : whole(columns, given[part]);
    if (found === undefined) throw lacking(summary, part, given[part]);
    return found;
  };
  const block = given.block === undefined ? identityColumn({ columns }, 'block') : whole(columns, given.block);
  if (given.block !== undefined && block === undefined) throw lacking(summary, 'block', given.block);
  const bunch = BUNCH.find((name) => whole(columns, name));
  const channel = CHANNEL.find((name) => whole(columns, name));
  const weight = WEIGHT.find((name) => isWeight(columns.get(name)));
  return {
    run: required('run'),
    event: required('event'),
    ...(block !== undefined && { block }),
    ...(bunch !== undefined && { bunch }),
    ...(channel !== undefined && { channel }),
    ...(weight !== undefined && { weight }),
    chains: { l1: chainsOf(summary.columns, 'l1'), hlt: chainsOf(summary.columns, 'hlt') },
  };
}

function chainsOf(columns: readonly ColumnInfo[], level: 'l1' | 'hlt'): Map<string, string> {
  return new Map(
    columns.flatMap(({ name, type, depth }) => {
      const chain = type === 'bool' && depth === 0 ? CHAIN[level].exec(name)?.[1] : undefined;
      return chain === undefined ? [] : [[chain, name]];
    }),
  );
}

function whole(columns: ReadonlyMap<string, ColumnInfo>, name: string): string | undefined {
  const column = columns.get(name);
  return column?.depth === 0 && /int/.test(column.type) ? name : undefined;
}

function isWeight(column: ColumnInfo | undefined): boolean {
  return column !== undefined && column.depth <= 1 && /int|float/.test(column.type);
}

function lacking(
  { file, columns, trees }: FileSummary,
  part: 'run' | 'event' | 'block',
  given?: string,
): LumiscopeError {
  const what = { run: 'run number', event: 'event number', block: 'luminosity block' }[part];
  const looked = given ?? IDENTITY_NAMES[part].join(', ');
  const similar = columns.filter(({ name }) => /run|event|evt|lumi|block|number/i.test(name));
  const shown = (similar.length > 0 ? similar : columns).slice(0, SHOWN);
  const there = shown.map(({ name, type, depth }) => `${name} (${type}${'[]'.repeat(depth)})`).join(', ');
  const more = columns.length > shown.length ? `, and ${columns.length - shown.length} more` : '';
  const tree = trees ? ` of tree ${trees.open}` : '';
  const name = nameOf(file.address);
  return new LumiscopeError(
    'format',
    `${name}: there is no ${what}: looked for a column of whole numbers called ${looked}; columns${tree} are ${there}${more}`,
    { hint: `name it: --${part === 'block' ? 'lumi' : part}-column NAME`, place: { file: name } },
  );
}
