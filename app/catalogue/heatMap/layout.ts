/** Where the cells and labels of a square heat map lie. Lengths in CSS pixels. */

/** What is drawn: rows and columns are the same things in the same order. */
export interface HeatMapCells {
  labels: readonly string[];
  /** 0 … 1; 0 is drawn empty; undefined for cells that are not drawn. */
  shade(row: number, column: number): number | undefined;
  /** What a cell says where it is large enough. */
  text(row: number, column: number): string;
}

export interface HeatMapLayout {
  cell: number;
  /** Width of the labels of rows, height of those of columns. */
  left: number;
  top: number;
  /** Of the whole. */
  width: number;
  height: number;
  fontSize: number;
  /** Labels of columns run upwards. */
  upwards: boolean;
}

/** Cells between these sizes; labels no longer than `LABEL`. */
const SMALLEST = 13;
const LARGEST = 72;
const LABEL = 220;
const GAP = 6;
/** From this size on a cell holds its text. */
export const CELL_WITH_TEXT = 40;

/**
 * Cells as large as the width allows, and as a height does where they can hold their texts then.
 * @param measure the width of a text of 12 px
 */
export function layoutHeatMap(
  labels: readonly string[],
  { width, height = Number.POSITIVE_INFINITY }: { width: number; height?: number | undefined },
  measure: (text: string) => number,
): HeatMapLayout {
  const longest = labels.reduce((most, label) => Math.max(most, measure(label)), 0);
  const count = Math.max(1, labels.length);
  // Small labels of small cells need less room, and leave more for the cells.
  const leftOf = (fontSize: number) => Math.ceil(Math.min(LABEL, width * 0.4, (longest * fontSize) / 12)) + 2 * GAP;
  const cellOf = (left: number) => {
    const [wide, high] = [width, height].map((room) => Math.floor((room - left - GAP) / count)) as [number, number];
    return Math.max(SMALLEST, Math.min(LARGEST, wide, Math.max(CELL_WITH_TEXT, high)));
  };
  const fontOf = (cell: number) => Math.max(10, Math.min(12, cell - 3));
  const fontSize = fontOf(cellOf(leftOf(fontOf(cellOf(leftOf(12))))));
  const left = leftOf(fontSize);
  const cell = cellOf(left);
  const upwards = longest + GAP > cell;
  const top = upwards ? left : fontSize + 2 * GAP;
  return {
    cell,
    left,
    top,
    width: left + cell * labels.length + GAP,
    height: top + cell * labels.length + GAP,
    fontSize,
    upwards,
  };
}

/** The cell under a point of the whole; undefined beside the cells. */
export function cellAt(
  { cell, left, top }: HeatMapLayout,
  count: number,
  x: number,
  y: number,
): { row: number; column: number } | undefined {
  const [row, column] = [Math.floor((y - top) / cell), Math.floor((x - left) / cell)];
  return row >= 0 && column >= 0 && row < count && column < count ? { row, column } : undefined;
}

/** A text cut to a width, with dots. */
export function cut(text: string, width: number, measure: (text: string) => number): string {
  if (measure(text) <= width) return text;
  let end = text.length;
  while (end > 1 && measure(`${text.slice(0, end)}…`) > width) end--;
  return `${text.slice(0, end)}…`;
}
