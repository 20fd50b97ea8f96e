import { useComputedColorScheme } from '@mantine/core';
import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import { INK } from '../../plots/palette.ts';
import { drawHeatMap } from './drawHeatMap.ts';
import styles from './HeatMap.module.css';
import { cellAt, type HeatMapCells, layoutHeatMap } from './layout.ts';
import { measure12 } from './measure.ts';
import { canvasPen } from './pen.ts';

export interface CellPlace {
  row: number;
  column: number;
}

interface Props {
  /** What it shows, for those who don't see it. */
  label: string;
  cells: HeatMapCells;
  /** Its height is given, and cells are made to fit it; else it is as high as its cells. */
  fits: boolean;
  cursor: CellPlace | undefined;
  onCursor(place: CellPlace | undefined): void;
  /** A click, or Enter. */
  onOpen(place: CellPlace): void;
}

/**
 * A square of cells under a cursor that pointer and arrows move. Only what is in sight is drawn, and labels stay in sight, so that it holds
 * hundreds of rows.
 */
export function HeatMap({ label, cells, fits, cursor, onCursor, onOpen }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [scroll, setScroll] = useState({ x: 0, y: 0 });
  const scheme = useComputedColorScheme();
  const room = fits ? size.height : undefined;
  const layout = useMemo(
    () => layoutHeatMap(cells.labels, { width: size.width, height: room }, measure12),
    [cells.labels, size.width, room],
  );
  const count = cells.labels.length;

  useEffect(() => {
    const watcher = new ResizeObserver(() => {
      const { clientWidth: width, clientHeight: height } = scroller.current!;
      setSize((was) => (was.width === width && was.height === height ? was : { width, height }));
    });
    watcher.observe(scroller.current!);
    return () => watcher.disconnect();
  }, []);

  const width = Math.min(size.width, layout.width);
  const height = Math.min(size.height, layout.height);
  useEffect(() => {
    const ratio = window.devicePixelRatio;
    const element = canvas.current!;
    const wanted = { width: Math.round(width * ratio), height: Math.round(height * ratio) };
    if (element.width !== wanted.width || element.height !== wanted.height) Object.assign(element, wanted);
    const context = element.getContext('2d')!;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const accent = getComputedStyle(element).getPropertyValue('--accent');
    const sight = { scrollX: scroll.x, scrollY: scroll.y, width, height, cursor, accent };
    drawHeatMap(canvasPen(context), cells, layout, sight, INK[scheme], measure12);
  }, [cells, layout, width, height, scroll, cursor, scheme]);

  const isDrawn = ({ row, column }: CellPlace) => row === column || cells.shade(row, column) !== undefined;

  const placeOf = (event: PointerEvent | React.MouseEvent) => {
    const box = canvas.current!.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    if (x < layout.left || y < layout.top) return undefined;
    const place = cellAt(layout, count, x + scroll.x, y + scroll.y);
    return place && isDrawn(place) ? place : undefined;
  };

  const onKey = (event: KeyboardEvent) => {
    const at = cursor ?? { row: 0, column: 0 };
    const step = {
      ArrowDown: [1, 0],
      ArrowUp: [-1, 0],
      ArrowRight: [0, 1],
      ArrowLeft: [0, -1],
      PageDown: [10, 0],
      PageUp: [-10, 0],
      Home: [0, -count],
      End: [0, count],
    }[event.key];
    if (step && count > 0) {
      const clamp = (n: number) => Math.max(0, Math.min(count - 1, n));
      const next = cursor ? { row: clamp(at.row + step[0]!), column: clamp(at.column + step[1]!) } : at;
      if (isDrawn(next)) {
        onCursor(next);
        reveal(next);
      }
    } else if (event.key === 'Enter' && cursor) onOpen(cursor);
    else if (event.key === 'Escape' && cursor) onCursor(undefined);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  /** Scrolls so that the cell is beside the labels, not under them. */
  const reveal = ({ row, column }: CellPlace) => {
    const to = (at: number, from: number, room: number) =>
      Math.max(0, (at + 1) * layout.cell - room, Math.min(at * layout.cell, from));
    scroller.current!.scrollTo(to(column, scroll.x, width - layout.left), to(row, scroll.y, height - layout.top));
  };

  return (
    <div
      ref={scroller}
      className={styles.scroll}
      role="application"
      aria-label={label}
      aria-roledescription="heat map"
      aria-description="Arrows move from pair to pair, Enter opens one"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it hears keys
      tabIndex={0}
      onScroll={({ currentTarget: { scrollLeft: x, scrollTop: y } }) => setScroll({ x, y })}
      onKeyDown={onKey}
      onPointerMove={(event) => event.pointerType === 'mouse' && onCursor(placeOf(event))}
      onPointerLeave={(event) => event.pointerType === 'mouse' && onCursor(undefined)}
      onClick={(event) => {
        const place = placeOf(event);
        // A finger has no way to point first.
        onCursor(place);
        if (place) onOpen(place);
      }}
    >
      <div style={{ width: layout.width, height: layout.height }}>
        <canvas ref={canvas} className={styles.canvas} style={{ width, height }} />
      </div>
    </div>
  );
}
