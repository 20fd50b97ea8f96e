import { addBins, type BinArrays, emptyArrays, isEmpty, storageOf } from './arrays.ts';
import { type Axis, axisExtent } from './axis.ts';
import { binCount, isTiled } from './contents.ts';
import { type TiledArrays, TileSum } from './tiles.ts';

/** Of `remap.ts`, which this is a part of. */
type AxisPlan = { axis?: Axis; to: Int32Array };

/**
 * `remap` of a histogram in tiles: visits the bins in which something was filled, in ascending order. The result is dense where
 * it fits, else in tiles.
 */
export function remapTiles(from: TiledArrays, axes: readonly Axis[], plans: readonly AxisPlan[]): BinArrays {
  const storage = storageOf(from);
  if (isTiled(axes)) {
    const sum = new TileSum(storage);
    forEachMoved(from, plans, (to, index) => {
      const at = sum.indexOf(to);
      addBins(sum.arrays, at, from, index, 1);
    });
    return sum.sorted();
  }
  const sums = emptyArrays(storage, binCount(axes));
  forEachMoved(from, plans, (to, index) => addBins(sums, to, from, index, 1));
  return sums;
}

/** Visits the bins that are filled and not left out: the place in the new histogram, and the entry in the arrays. */
function forEachMoved(from: TiledArrays, plans: readonly AxisPlan[], visit: (to: number, index: number) => void): void {
  const { size, at } = from.tiles;
  const steps = stepsOf(plans);
  const extents = plans.map(({ to }) => to.length);
  const last = plans.length - 1;
  const position = extents.map(() => 0);
  /** How far the axes before the last one move the row that the position is in; −1 where one of them leaves it out. */
  const rowPlace = (): number => {
    let place = 0;
    for (let axis = 0; axis < last; axis++) {
      const step = steps[axis][position[axis]];
      if (step < 0) return -1;
      place += step;
    }
    return place;
  };
  for (let slot = 0; slot < at.length; slot++) {
    let rest = at[slot] * size;
    for (let axis = last; axis >= 0; axis--) {
      const next = Math.floor(rest / extents[axis]);
      position[axis] = rest - next * extents[axis];
      rest = next;
    }
    let row = rowPlace();
    for (let index = slot * size; index < (slot + 1) * size; index++) {
      if (position[last] === extents[last]) {
        carry(position, extents);
        row = rowPlace();
      }
      const step = steps[last][position[last]++];
      if (row >= 0 && step >= 0 && !isEmpty(from, index)) visit(row + step, index);
    }
  }
}

/** The next row. Past the last one nothing is filled. */
function carry(position: number[], extents: readonly number[]): void {
  for (let axis = position.length - 1; axis > 0 && position[axis] === extents[axis]; axis--) {
    position[axis] = 0;
    position[axis - 1]++;
  }
  if (position[0] === extents[0]) position[0] = 0;
}

/** For each bin of each axis, how far it moves the place in the new histogram; −1 where it is left out. */
function stepsOf(plans: readonly AxisPlan[]): Float64Array[] {
  let stride = 1;
  const steps = plans.toReversed().map(({ axis, to }) => {
    const step = Float64Array.from(to, (bin) => (bin < 0 ? -1 : bin * stride));
    if (axis) stride *= axisExtent(axis);
    return step;
  });
  return steps.reverse();
}
