/** Random event data in the manner of NanoAOD, with all that can go wrong in it. */
import type { ColumnData, ColumnInfo, ValueType } from '../../../core/schema/column.ts';
import { typed } from './data.ts';
import type { Draw } from './draw.ts';

/** A schema's columns, and how to draw one chunk of them. */
export interface RandomData {
  columns: ColumnInfo[];
  /** A chunk of `events` events: a column by name. */
  chunk(events: number): Map<string, ColumnData>;
}

type Plain = number | bigint | undefined;
/** What the values of a column are like, whatever their type. */
type Flavour = 'pt' | 'angle' | 'small' | 'index' | 'bits' | 'event' | 'bool' | 'string';

interface RandomColumn {
  info: ColumnInfo;
  flavour: Flavour;
  collection?: string;
  /** Whether there is hardly anything odd in it: NaN, infinities, integers at their limits. */
  tame?: boolean;
}

const FLOATS: ValueType[] = ['float32', 'float64'];
const SIGNED: ValueType[] = ['int32', 'int8', 'int16', 'int64'];
const INTEGERS: ValueType[] = ['int32', 'uint8', 'uint16', 'uint32', 'int64', 'uint64'];
const WORDS = ['mu', 'e', 'tau', '', 'µ→e'];
/** Few, so that equal ones meet. */
const ORDINARY = [25, 30, 45.5, 12.25, 91.2, 7.5, 60, 0.5, 25, 33.3];
const ODD = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  -0,
  0,
  5e-324,
  -1e-310,
  1e300,
  -25,
  3.4e38,
];

const LIMITS: Partial<Record<ValueType, [bigint, bigint]>> = {
  int8: [-128n, 127n],
  uint8: [0n, 255n],
  int16: [-32768n, 32767n],
  uint16: [0n, 65535n],
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
};

function drawFloat(draw: Draw, flavour: Flavour, tame: boolean): number {
  if (draw.chance(tame ? 1 : 6)) return draw.pick(ODD);
  if (flavour === 'angle') return draw.int(-24, 24) / 8;
  if (flavour === 'small') return draw.int(-8, 40) / 16;
  return draw.chance(70) ? draw.pick(ORDINARY) : draw.int(0, 2000) / 16;
}

function drawInteger(draw: Draw, type: ValueType, flavour: Flavour, tame: boolean): bigint {
  const [low, high] = LIMITS[type]!;
  const clamp = (value: bigint): bigint => (value < low ? low : value > high ? high : value);
  if (flavour === 'index') return clamp(BigInt(draw.int(-1, 4)));
  if (flavour === 'event' && draw.chance(tame ? 2 : 60)) return clamp(2n ** 53n + BigInt(draw.int(0, 3)));
  if (draw.chance(tame ? 1 : 8)) return draw.pick([low, high, clamp(low + 1n), high - 1n]);
  return flavour === 'bits' ? clamp(BigInt(draw.int(0, 255))) : clamp(BigInt(draw.int(-3, 5)));
}

function drawValue(draw: Draw, { info, flavour, tame = false }: RandomColumn): Plain {
  if (info.nullable && draw.chance(25)) return undefined;
  if (info.type === 'bool') return draw.int(0, 1);
  if (info.type === 'string') return draw.int(0, WORDS.length - 1);
  return info.type.startsWith('float') ? drawFloat(draw, flavour, tame) : drawInteger(draw, info.type, flavour, tame);
}

function column(draw: Draw, name: string, types: ValueType[], flavour: Flavour, collection?: string): RandomColumn {
  const nullable = draw.chance(10) && flavour !== 'index';
  return { info: { name, type: draw.pick(types), depth: collection ? 1 : 0, nullable }, flavour, collection };
}

function toColumnData(
  { info }: RandomColumn,
  values: Plain[],
  offsets: Uint32Array | undefined,
  events: number,
): ColumnData {
  const data: ColumnData = {
    type: info.type,
    length: events,
    offsets: offsets ? [offsets] : [],
    values: info.type === 'string' ? Uint32Array.from(values, (v) => Number(v ?? 0)) : typed(info.type, values),
  };
  if (values.includes(undefined)) data.valid = Uint8Array.from(values, (v) => (v === undefined ? 0 : 1));
  if (info.type === 'string') data.dictionary = WORDS;
  return data;
}

/** Draws which columns there are and of which types. @param tame with hardly anything odd in them, which only some engines can do */
export function drawData(draw: Draw, tame = false): RandomData {
  const sparseJets = draw.chance(15);
  const cartesianElectrons = draw.chance(40);
  const columns: RandomColumn[] = [
    ...(['pt', 'eta', 'phi', 'mass'] as const).map((field) =>
      column(draw, `Muon_${field}`, FLOATS, field === 'pt' || field === 'mass' ? 'pt' : 'angle', 'Muon'),
    ),
    column(draw, 'Muon_charge', SIGNED, 'small', 'Muon'),
    column(draw, 'Muon_jetIdx', [...SIGNED, 'uint8'], 'index', 'Muon'),
    column(draw, 'Muon_flags', INTEGERS, 'bits', 'Muon'),
    column(draw, 'Muon_tight', ['bool'], 'bool', 'Muon'),
    column(draw, 'Muon_iso', FLOATS, 'small', 'Muon'),
    ...(['pt', 'eta', 'phi'] as const).map((field) =>
      column(draw, `Jet_${field}`, FLOATS, field === 'pt' ? 'pt' : 'angle', 'Jet'),
    ),
    column(draw, 'Jet_btag', FLOATS, 'small', 'Jet'),
    column(draw, 'Jet_charge', SIGNED, 'small', 'Jet'),
    column(draw, 'Jet_id', ['uint64'], 'event', 'Jet'),
    column(draw, 'Jet_muonIdx1', SIGNED, 'index', 'Jet'),
    column(draw, 'Jet_jetIdxMother', ['int32', 'int64'], 'index', 'Jet'),
    ...(cartesianElectrons ? ['px', 'py', 'pz', 'energy'] : ['pt', 'eta', 'phi', 'mass']).map((field) =>
      column(draw, `Electron_${field}`, FLOATS, field === 'eta' || field === 'phi' ? 'angle' : 'pt', 'Electron'),
    ),
    column(draw, 'Electron_charge', SIGNED, 'small', 'Electron'),
    column(draw, 'Electron_tight', ['bool'], 'bool', 'Electron'),
    column(draw, 'Electron_label', ['string'], 'string', 'Electron'),
    column(draw, 'PdfWeight', FLOATS, 'small', 'PdfWeight'),
    column(draw, 'MET_pt', FLOATS, 'pt'),
    column(draw, 'MET_phi', FLOATS, 'angle'),
    column(draw, 'event', ['uint64'], 'event'),
    column(draw, 'run', ['uint32', 'int64'], 'bits'),
    column(draw, 'luminosityBlock', ['uint32', 'int64', 'uint64'], 'small'),
    column(draw, 'genWeight', FLOATS, 'small'),
    column(draw, 'npv', INTEGERS, 'small'),
    column(draw, 'HLT_IsoMu24', ['bool'], 'bool'),
    column(draw, 'stream', ['string'], 'string'),
  ];
  const counted = ['Muon', 'Jet', 'Electron', 'PdfWeight'];
  const counts = counted.map(
    (name): RandomColumn => ({
      info: { name: `n${name}`, type: draw.pick(['uint32', 'int64', 'int32', 'uint8']), depth: 0, nullable: false },
      flavour: 'small',
    }),
  );

  function chunk(events: number): Map<string, ColumnData> {
    const sizes = new Map(
      counted.map((name) => [
        name,
        draw.times(events, () => (sparseJets && name === 'Jet' ? 0 : draw.pick([0, 1, 2, 2, 3, 4]))),
      ]),
    );
    const data = new Map<string, ColumnData>();
    counts.forEach((count, k) => {
      data.set(count.info.name, toColumnData(count, sizes.get(counted[k]!)!, undefined, events));
    });
    for (const col of columns) {
      const size = col.collection ? sizes.get(col.collection)! : undefined;
      const offsets = size && new Uint32Array(events + 1);
      size?.forEach((n, k) => {
        offsets![k + 1] = offsets![k]! + n;
      });
      const values = draw.times(offsets ? offsets[events]! : events, () => drawValue(draw, { ...col, tame }));
      data.set(col.info.name, toColumnData(col, values, offsets, events));
    }
    return data;
  }

  return { columns: [...counts, ...columns].map(({ info }) => info), chunk };
}
