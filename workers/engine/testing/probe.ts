/**
 * Asks any engine what an expression is worth in each event. Engines answer with histograms only, so every
 * event gets a bin of its own and the value comes back as that bin's weight: exact, one fill a bin.
 */

import type { CollectionUse, Expr, HistogramProgram, List, Program } from '../../../core/expr/typedForm.ts';
import { axisExtent } from '../../../core/hist/axis.ts';
import type { ColumnData } from '../../../core/schema/column.ts';
import type { Engine } from '../engine.ts';
import * as f from './forms.ts';

/** Columns of one chunk by name, and which of them make collections. */
export interface ProbeData {
  events: number;
  columns: Record<string, ColumnData>;
  collections: CollectionUse[];
}

export type ProbeValue = boolean | bigint | number | string | undefined;

const EVENT = '__event';
const STEP = 0x1_0000_0000n;

/** A histogram with a bin for each event, filled once an event with `weight`. */
function perEvent(name: string, data: ProbeData, weight: Expr): HistogramProgram {
  const categories = Array.from({ length: data.events }, (_, k) => BigInt(k));
  const axes: HistogramProgram['axes'] = [{ axis: { type: 'intCategory', categories }, value: f.column(EVENT, f.INT) }];
  return { name, storage: 'weighted', axes, weight };
}

/** Floats that carry the whole of a scalar. */
function carriers(e: Expr): Expr[] {
  switch (e.type.kind) {
    case 'float':
      // The sign of a zero shows in its reciprocal only.
      return [e, f.arith('div', f.float(1), e)];
    case 'bool':
      return [f.toFloat(e)];
    case 'uint':
      return carriers(f.toInt(e));
    case 'int':
      return [f.toFloat(f.bits('shr', e, f.int(32))), f.toFloat(f.bits('and', e, f.int(STEP - 1n)))];
    default:
      throw new TypeError(`can't probe a ${e.type.kind}`);
  }
}

function assemble(e: Expr, parts: number[]): ProbeValue {
  const [first, second] = parts as [number, number];
  switch (e.type.kind) {
    case 'float':
      return first === 0 && second < 0 ? -0 : first;
    case 'bool':
      return first === 1;
    case 'int':
      return BigInt(first) * STEP + BigInt(second);
    default:
      return BigInt.asUintN(64, BigInt(first) * STEP + BigInt(second));
  }
}

/** The value of closed scalar expressions (not strings) in each event; `undefined` where missing: `[expression][event]`. */
export async function probe(engine: Engine, data: ProbeData, exprs: Expr[]): Promise<ProbeValue[][]> {
  const eventColumn: ColumnData = {
    type: 'int64',
    length: data.events,
    offsets: [],
    values: BigInt64Array.from({ length: data.events }, (_, k) => BigInt(k)),
  };
  const groups = exprs.map(carriers);
  const program: Program = {
    columns: [EVENT, ...Object.keys(data.columns)],
    collections: data.collections,
    cuts: [],
    histograms: groups.flatMap((group, i) => group.map((weight, k) => perEvent(`${i}.${k}`, data, weight))),
  };
  // Which bins were filled: count the present values apart, since a present 0 leaves no trace in a sum.
  exprs.forEach((e, i) => {
    program.histograms.push({ ...perEvent(`${i}.there`, data, f.float(1)), select: f.not(f.isMissing(e)) });
  });
  const run = (await engine.prepare(program)).start([eventColumn, ...Object.values(data.columns)]);
  run.run(0, data.events);
  const { histograms } = run.result();
  run.release();
  const bins = new Map(program.histograms.map((h, k) => [h.name, histograms[k]!.values]));
  for (const h of program.histograms) {
    if (bins.get(h.name)!.length !== axisExtent(h.axes[0]!.axis)) throw new TypeError('wrong number of bins');
  }
  return exprs.map((e, i) =>
    Array.from({ length: data.events }, (_, event) => {
      if (bins.get(`${i}.there`)![event] !== 1) return undefined;
      return assemble(
        e,
        groups[i]!.map((_, k) => bins.get(`${i}.${k}`)![event]!),
      );
    }),
  );
}

/** A list's values in each event: `[event][position]`; `body` turns an item into a scalar. */
export async function probeList(
  engine: Engine,
  data: ProbeData,
  list: List,
  body: (item: Expr) => Expr,
  atMost = 16,
): Promise<ProbeValue[][]> {
  const positions = Array.from({ length: atMost }, (_, k) => body(f.at(list, f.int(k))));
  const [lengths, ...values] = await probe(engine, data, [f.len(list), ...positions]);
  return lengths!.map((length, event) => Array.from({ length: Number(length) }, (_, k) => values[k]![event]));
}
