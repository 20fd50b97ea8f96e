import type { PlotInk } from '../../plots/palette.ts';
import { CELL_WITH_TEXT, cut, type HeatMapCells, type HeatMapLayout } from './layout.ts';
import type { Pen } from './pen.ts';
import { inkOn, shadeColour } from './shade.ts';

/** Which part of a heat map is in sight, and where the cursor is. */
export interface HeatMapSight {
  scrollX: number;
  scrollY: number;
  width: number;
  height: number;
  cursor?: { row: number; column: number } | undefined;
  /** Of the cursor's frame. */
  accent: string;
}

/** Draws the cells in sight; the labels stay at the edges. */
export function drawHeatMap(
  pen: Pen,
  cells: HeatMapCells,
  layout: HeatMapLayout,
  { scrollX, scrollY, width, height, cursor, accent }: HeatMapSight,
  ink: PlotInk,
  measure: (text: string) => number,
): void {
  const { cell, left, top, fontSize, upwards } = layout;
  const count = cells.labels.length;
  const first = (scroll: number) => Math.max(0, Math.floor(scroll / cell));
  const last = (scroll: number, room: number) => Math.min(count, Math.ceil((scroll + room) / cell));
  const rows = [first(scrollY), last(scrollY, height - top)] as const;
  const columns = [first(scrollX), last(scrollX, width - left)] as const;
  // A hair between cells where they are large; small ones touch, or the gaps would be what is seen.
  const gap = cell >= 20 ? 1 : 0;
  pen.clip(left, top, width - left, height - top, () => {
    for (let row = rows[0]; row < rows[1]; row++) {
      for (let column = columns[0]; column < columns[1]; column++) {
        const shade = cells.shade(row, column);
        if (shade === undefined && row !== column) continue;
        const [x, y] = [left + column * cell - scrollX, top + row * cell - scrollY];
        const colour = shade === undefined || shade === 0 ? ink.grid : shadeColour(shade);
        pen.rect(x, y, cell - gap, cell - gap, colour);
        if (cell < CELL_WITH_TEXT) continue;
        const look = {
          size: 11,
          colour: shade === undefined || shade === 0 ? ink.text : inkOn(shade),
          align: 'center',
        } as const;
        pen.text(cells.text(row, column), x + (cell - gap) / 2, y + (cell - gap) / 2, look);
      }
    }
    if (cursor) {
      const [x, y] = [left + cursor.column * cell - scrollX, top + cursor.row * cell - scrollY];
      pen.frame(x - 1, y - 1, cell + 2 - gap, cell + 2 - gap, ink.panel, 4);
      pen.frame(x - 1, y - 1, cell + 2 - gap, cell + 2 - gap, accent, 2);
    }
  });
  const room = ((left - 12) * 12) / fontSize;
  pen.clip(0, top, left, height - top, () => {
    for (let row = rows[0]; row < rows[1]; row++) {
      const isAt = cursor?.row === row;
      pen.text(cut(cells.labels[row]!, room, measure), left - 6, top + (row + 0.5) * cell - scrollY, {
        size: fontSize,
        colour: isAt ? accent : ink.text,
        align: 'right',
      });
    }
  });
  pen.clip(left, 0, width - left, top, () => {
    for (let column = columns[0]; column < columns[1]; column++) {
      const isAt = cursor?.column === column;
      pen.text(
        upwards ? cut(cells.labels[column]!, room, measure) : cells.labels[column]!,
        left + (column + 0.5) * cell - scrollX,
        top - 6 - (upwards ? 0 : fontSize / 2),
        {
          size: fontSize,
          colour: isAt ? accent : ink.text,
          align: upwards ? 'left' : 'center',
          upwards,
        },
      );
    }
  });
}
