import type { SchemaElement } from 'hyparquet';
import type { Jet, Lepton, RecordedEvent } from './detector.ts';
import { ELECTRON_MASS, MUON_MASS } from './processes.ts';

/** The columns of the demo file, with NanoAOD's names and types, rounded as NanoAOD rounds: digits cost bytes. */

export interface NumberedEvent extends RecordedEvent {
  run: number;
  luminosityBlock: number;
  event: bigint;
}

type Value = number | bigint | boolean;

export interface DemoColumn {
  name: string;
  schema: SchemaElement[];
  /** One value, or one list of values, an event. */
  of(event: NumberedEvent): Value | Value[];
}

/** By converted type alone: hyparquet-writer 0.17 writes the newer logical integer types in a form that others refuse. */
const TYPES = {
  bool: { type: 'BOOLEAN' },
  int32: { type: 'INT32' },
  uint8: { type: 'INT32', converted_type: 'UINT_8' },
  uint32: { type: 'INT32', converted_type: 'UINT_32' },
  uint64: { type: 'INT64', converted_type: 'UINT_64' },
  float: { type: 'FLOAT' },
} as const satisfies Record<string, Omit<SchemaElement, 'name'>>;

type TypeName = keyof typeof TYPES;

function flat(name: string, type: TypeName, of: (event: NumberedEvent) => Value): DemoColumn {
  return { name, schema: [{ name, repetition_type: 'REQUIRED', ...TYPES[type] }], of };
}

/** Columns of a collection, after one that counts its items. */
function collection<Item>(
  name: string,
  items: (event: NumberedEvent) => Item[],
  fields: [name: string, type: TypeName, of: (item: Item) => Value][],
): DemoColumn[] {
  return [
    flat(`n${name}`, 'uint32', (event) => items(event).length),
    ...fields.map(
      ([field, type, of]): DemoColumn => ({
        name: `${name}_${field}`,
        schema: [
          {
            name: `${name}_${field}`,
            repetition_type: 'REQUIRED',
            num_children: 1,
            converted_type: 'LIST',
            logical_type: { type: 'LIST' },
          },
          { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
          { name: 'element', repetition_type: 'REQUIRED', ...TYPES[type] },
        ],
        of: (event) => items(event).map(of),
      }),
    ),
  ];
}

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** `x` to so many bits after the leading one. */
function mantissa(x: number, keep: number): number {
  float[0] = x;
  const drop = 23 - keep;
  bits[0] = (bits[0]! + (1 << (drop - 1))) & (-1 << drop);
  return float[0];
}

const grid = (x: number, step: number): number => Math.round(x / step) * step;
const angle = (x: number): number => grid(x, 2 ** -10);

const direction: [string, TypeName, (item: { pt: number; eta: number; phi: number }) => Value][] = [
  ['pt', 'float', ({ pt }) => mantissa(pt, 10)],
  ['eta', 'float', ({ eta }) => angle(eta)],
  ['phi', 'float', ({ phi }) => angle(phi)],
];

const lepton: [string, TypeName, (item: Lepton) => Value][] = [
  ['charge', 'int32', ({ charge }) => charge],
  ['dxy', 'float', ({ dxy }) => grid(dxy, 2 ** -12)],
  ['dz', 'float', ({ dz }) => grid(dz, 2 ** -11)],
  ['jetIdx', 'int32', ({ jetIdx }) => jetIdx],
];

export const COLUMNS: DemoColumn[] = [
  flat('run', 'uint32', ({ run }) => run),
  flat('luminosityBlock', 'uint32', ({ luminosityBlock }) => luminosityBlock),
  flat('event', 'uint64', ({ event }) => event),
  flat('genWeight', 'float', ({ genWeight }) => genWeight),
  flat('PV_npvs', 'int32', ({ npvs }) => npvs),
  flat('MET_pt', 'float', ({ met }) => mantissa(met.pt, 9)),
  flat('MET_phi', 'float', ({ met }) => angle(met.phi)),
  ...collection<Lepton>('Muon', ({ muons }) => muons, [
    ...direction,
    ['mass', 'float', () => Math.fround(MUON_MASS)],
    ...lepton,
    ['pfRelIso04_all', 'float', ({ relIso }) => mantissa(grid(relIso, 2 ** -10), 6)],
    ['tightId', 'bool', ({ tightId }) => tightId],
  ]),
  ...collection<Lepton>('Electron', ({ electrons }) => electrons, [
    ...direction,
    ['mass', 'float', () => Math.fround(ELECTRON_MASS)],
    ...lepton,
    ['pfRelIso03_all', 'float', ({ relIso }) => mantissa(grid(relIso, 2 ** -10), 6)],
    ['cutBased', 'int32', ({ cutBased }) => cutBased],
  ]),
  ...collection<Jet>('Jet', ({ jets }) => jets, [
    ...direction,
    ['mass', 'float', ({ mass }) => mantissa(mass, 7)],
    ['btagDeepFlavB', 'float', ({ btagDeepFlavB }) => mantissa(grid(btagDeepFlavB, 2 ** -11), 8)],
    ['jetId', 'uint8', ({ jetId }) => jetId],
    ['nConstituents', 'uint8', ({ nConstituents }) => Math.min(nConstituents, 255)],
    ['muonIdx1', 'int32', ({ muonIdx1 }) => muonIdx1],
  ]),
  flat('HLT_IsoMu24', 'bool', ({ triggers }) => triggers.isoMu24),
  flat('HLT_Mu17_Mu8', 'bool', ({ triggers }) => triggers.mu17Mu8),
  flat('HLT_Ele27_WPTight_Gsf', 'bool', ({ triggers }) => triggers.ele27),
];
