import type { Schema } from './schema.ts';

/** Names of the columns that tell which event an event is, the first one that a file has. */
export const IDENTITY_NAMES = {
  run: ['run', 'runNumber', 'RunNumber', 'run_number', 'Run', 'EventInfoAuxDyn.runNumber', 'EventAuxiliary.run'],
  block: [
    'luminosityBlock',
    'lumiBlock',
    'luminosity_block',
    'lumi_block',
    'lumi',
    'LumiBlock',
    'lumisection',
    'ls',
    'EventInfoAuxDyn.lumiBlock',
  ],
  event: ['event', 'eventNumber', 'EventNumber', 'event_number', 'evt', 'Event', 'EventInfoAuxDyn.eventNumber'],
} as const;

/** Part of what identifies an event: run, luminosity block, event number. */
export type IdentityPart = keyof typeof IDENTITY_NAMES;

/** The flat integer column that holds it: NanoAOD's name, or another usual one. */
export function identityColumn(schema: Pick<Schema, 'columns'>, part: IdentityPart): string | undefined {
  return IDENTITY_NAMES[part].find((name) => {
    const column = schema.columns.get(name);
    return column?.depth === 0 && /int/.test(column.type);
  });
}
