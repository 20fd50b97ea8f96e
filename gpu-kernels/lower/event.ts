import type { HistogramProgram, List, Program } from '../../core/expr/typedForm.ts';
import { axisExtent } from '../../core/hist/axis.ts';
import type { AxisKind } from '../fill/axes.ts';
import { documentWeight, ownWeight } from '../fill/weights.ts';
import type { Generator, Root } from './generator.ts';
import { bothValid, num } from './held.ts';
import { walk } from './lists.ts';
import type { Held, Slot } from './slots.ts';

/** For each histogram and axis, what `bin_K_A` is called with. */
export type AxisKinds = AxisKind[][];

/** Writes the body of `fn event(e: u32)`: weight, cuts one by one, histograms, `commit`. */
export function emitEvent(g: Generator, program: Program): AxisKinds {
  const { code } = g;
  const ofDocument = documentWeight(program);
  if (ofDocument) g.prepareEvent({ node: ofDocument });
  const weight = ofDocument && g.value(ofDocument);
  const w = weight && num(g, weight.slots[0]);
  const kinds: AxisKinds = [];
  const rows = code.variable('u32', '1u');
  // A cut that fails leaves the block.
  code.block('loop', () => {
    for (const [k, { cond }] of program.cuts.entries()) {
      g.prepareEvent({ node: cond });
      code.line(`if (doubt || !${g.value(cond).slots[0].text}) { break; }`);
      code.line(`${rows} = ${k + 2}u;`);
    }
    if (weight?.valid) code.line(`if (!${weight.valid}) { break; }`);
    for (const [k, histogram] of program.histograms.entries()) kinds.push(emitHistogram(g, k, histogram, w));
    code.line('break;');
  });
  const missing = weight?.valid ? `!${weight.valid}` : 'false';
  code.line(w ? `commit(${rows}, ${missing}, ${w});` : `commit(${rows}, ${missing});`);
  return kinds;
}

function emitHistogram(
  g: Generator,
  k: number,
  histogram: HistogramProgram,
  documentWeight: string | undefined,
): AxisKind[] {
  const { per, axes, select, weight } = histogram;
  const values = [weight, ...axes.map((axis) => axis.value)].filter((node) => node !== undefined);
  const looped = per !== undefined;
  const roots: Root[] = [
    ...(per ? [{ node: per.list }] : []),
    ...(select ? [{ node: select, looped }] : []),
    ...values.map((node) => ({ node, looped, unsure: select !== undefined })),
  ];
  g.prepareEvent(...roots);
  let kinds: AxisKind[] = [];
  const once = () => {
    if (select) g.prepare({ node: select });
    const selected = select && g.value(select).slots[0].text;
    const fill = () => {
      g.prepare(...values.map((node) => ({ node })));
      kinds = emitFill(g, k, histogram, documentWeight);
    };
    if (selected) g.code.block(`if (${selected})`, () => g.within([], fill));
    else fill();
  };
  if (per) walk(g, per.list, { each: (item) => g.within([[per.var, item]], once) });
  else g.code.block('', () => g.within([], once));
  return kinds;
}

/** One fill: its index from all axes, or a missing one. */
function emitFill(
  g: Generator,
  k: number,
  histogram: HistogramProgram,
  documentWeight: string | undefined,
): AxisKind[] {
  const { code } = g;
  const { per, axes, weight } = histogram;
  // A weight that nothing adds matters only where it may be missing.
  const hasOwn = ownWeight(histogram) !== undefined;
  const own = weight && (hasOwn || weight.optional) ? g.value(weight) : undefined;
  const coordinates = axes.map(({ value }) => g.value(value));
  const kinds = coordinates.map(({ slots: [slot] }) => axisKind(slot, per?.list));
  const valid = bothValid(g, ...(own ? [own] : []), ...coordinates);
  const fill = () => {
    const bins = coordinates.map(({ slots: [slot] }, a) => {
      const x = kinds[a] === 'num' ? num(g, slot) : slot.text;
      return code.hold(`bin_${k}_${a}(${x})`);
    });
    const bin = bins.reduce((at, index, a) => code.hold(`${at} * ${axisExtent(axes[a].axis)}u + ${index}`));
    code.line(hasOwn && own ? `fill_${k}(${bin}, ${weighted(g, own, documentWeight)});` : `fill_${k}(${bin});`);
  };
  if (valid) code.block(`if (${valid})`, fill, () => code.line(`missing_${k}();`));
  else fill();
  return kinds;
}

function weighted(g: Generator, own: Held, documentWeight: string | undefined): string {
  const w = num(g, own.slots[0]);
  return documentWeight ? g.fn('num_mul', documentWeight, w) : w;
}

function axisKind({ kind }: Slot, per: List | undefined): AxisKind {
  return kind === 'constant' || (kind === 'single' && per && !isWalkedOnce(per)) ? 'num' : kind;
}

/** Whether what is done with an item is written once: not so for parts of a concatenation, which may hold floats in different ways. */
function isWalkedOnce(list: List): boolean {
  switch (list.op) {
    case 'filter':
    case 'map':
      return isWalkedOnce(list.list);
    case 'flatMap':
      return isWalkedOnce(list.list) && isWalkedOnce(list.inner);
    case 'cartesian':
      return isWalkedOnce(list.lists[0]);
    case 'literal':
    case 'concatenate':
      return false;
    default:
      return true;
  }
}
