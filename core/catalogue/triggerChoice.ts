import { LumiscopeError } from '../errors.ts';
import type { StreamMember } from './stream.ts';
import type { ContainerRow, DatasetRow } from './tables.ts';

/** Containers whose trigger decisions can be counted together. */
export interface TriggerChoice {
  members: StreamMember[];
  names: string[];
  /** Of the one menu that they have in common; undefined where none is known. */
  smk: number | undefined;
  /** Chosen containers whose records hold no trigger decisions: they are left out. */
  blind: string[];
}

/**
 * What is known of the triggers of some containers.
 * @throws LumiscopeError `document` where none has decisions, or where their menus differ: a bit stands for another chain in each
 */
export function triggerChoice(
  { datasets }: { datasets: readonly DatasetRow[] },
  containers: readonly ContainerRow[],
): TriggerChoice {
  const choice: TriggerChoice = { members: [], names: [], smk: undefined, blind: [] };
  const menus = new Map<number, string>();
  for (const { dspid, dstypeid, name } of containers) {
    const own = datasets.filter((row) => row.dspid === dspid && row.dstypeid === dstypeid);
    if (!own.some(({ has_trigger }) => has_trigger)) {
      choice.blind.push(name);
      continue;
    }
    choice.members.push({ dspid, dstypeid });
    choice.names.push(name);
    for (const { smk } of own) if (smk !== undefined && !menus.has(smk)) menus.set(smk, name);
  }
  if (choice.members.length === 0)
    throw new LumiscopeError('document', `${choice.blind.join(', ') || 'nothing'} holds no trigger decisions`, {
      hint: 'choose datasets whose events were imported with their triggers',
    });
  if (menus.size > 1) {
    const known = [...menus].map(([smk, name]) => `SMK ${smk} (${name})`).join(', ');
    throw new LumiscopeError('document', `these datasets have different trigger menus: ${known}`, {
      hint: 'a bit stands for another chain in each menu: choose datasets of one',
    });
  }
  choice.smk = menus.keys().next().value;
  return choice;
}
