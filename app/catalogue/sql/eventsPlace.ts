import { namePattern } from '../../../core/catalogue/menu.ts';
import type { OpenCatalogue } from '../../../workers/catalogue/openCatalogue.ts';
import type { EventsChoice } from '../../../workers/sql/catalogueTables.ts';

/** Families of columns that a person can choose, beside where a record lies. */
export const FAMILIES = [
  { id: 'l1', label: 'Level 1, time' },
  { id: 'hlt', label: 'High-level trigger' },
  { id: 'provenance', label: 'Provenance' },
] as const;
export type ChosenFamily = (typeof FAMILIES)[number]['id'];

/** Which records the table `events` has, as the link says it. */
export interface EventsPlace {
  /** Names of containers, or patterns; empty for none. */
  names: string;
  families: readonly ChosenFamily[];
}

export function parseFamilies(text: string): ChosenFamily[] {
  return FAMILIES.map(({ id }) => id).filter((id) => text.split('+').includes(id));
}

export function membersOf({ tables }: OpenCatalogue, names: string): EventsChoice['members'] {
  if (names === '') return [];
  const matches = namePattern(names);
  return tables.containers.filter(({ name }) => matches(name)).map(({ dspid, dstypeid }) => ({ dspid, dstypeid }));
}

/** The container with the fewest records among those that know of triggers, if there are such: for examples. */
export function smallContainer({ manifest, tables }: OpenCatalogue): string | undefined {
  const records = new Map<string, number>();
  for (const { dspid, dstypeid, rows } of manifest.parts) {
    const key = `${dspid}/${dstypeid}`;
    records.set(key, (records.get(key) ?? 0) + rows);
  }
  const withTrigger = new Set(tables.datasets.filter((d) => d.has_trigger).map((d) => `${d.dspid}/${d.dstypeid}`));
  const known = tables.containers.flatMap(({ name, dspid, dstypeid }) => {
    const rows = records.get(`${dspid}/${dstypeid}`);
    return rows === undefined ? [] : [{ name, rows, has: withTrigger.has(`${dspid}/${dstypeid}`) }];
  });
  return known.sort((a, b) => Number(b.has) - Number(a.has) || a.rows - b.rows)[0]?.name;
}
