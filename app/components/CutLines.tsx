import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import { type CutConstant, cutConstants } from '../../core/analysis/cutConstants.ts';
import { formatNumber } from '../numbers.ts';
import { type PixelScale, type PlotArea, pixelOf, valueAt } from '../plots/plotArea.ts';
import { useContextual, useExplorer } from '../store/context.tsx';
import { type CutSlide, createCutSlide } from '../store/cutSlide.ts';
import { quantitiesOf } from '../store/quantities.ts';
import styles from './CutLines.module.css';
import { roundedTo, SIGNS, stepAt } from './cutWords.ts';

interface Props {
  area: PlotArea;
  /** The expressions of the axes that are drawn. */
  x: string;
  y?: string;
}

/** Lines on a plot at the numbers that cuts compare one of its axes with: dragged, or moved by keyboard, they change the cut. */
export default function CutLines({ area, x, y }: Props) {
  const explorer = useContextual();
  const document = useExplorer((s) => s.document);
  const schema = useExplorer((s) => s.schema);
  const lines = useMemo(() => {
    if (!document) return [];
    const quantities = quantitiesOf(document, schema);
    const constants = cutConstants(document.select);
    const along = (axis: string, upright: boolean) =>
      constants
        .filter(({ compared }) => quantities.same(compared, axis))
        .map((constant) => ({ constant, upright, whole: /int$/.test(quantities.of(axis)!.expr.type.kind) }));
    return [...along(x, true), ...(y === undefined ? [] : along(y, false))];
  }, [document, schema, x, y]);
  const slide = useMemo(() => createCutSlide(explorer), [explorer]);
  useEffect(() => slide.stop, [slide]);
  return lines.map(({ constant, upright, whole }) => (
    <Line
      key={`${constant.cut} ${constant.at} ${upright}`}
      constant={constant}
      area={area}
      upright={upright}
      whole={whole}
      slide={slide}
    />
  ));
}

interface LineProps {
  constant: CutConstant;
  area: PlotArea;
  /** The line of a number on the x axis. */
  upright: boolean;
  whole: boolean;
  slide: CutSlide;
}

function Line({ constant, area, upright, whole, slide }: LineProps) {
  const { cut, at, compared, op } = constant;
  const along = upright ? area.x : area.y;
  /** Where the person has put it, until the document has followed. */
  const [held, setHeld] = useState<number>();
  /** The drag: of which pointer, how far from the line, from which value, and to which. */
  const grip = useRef<{ pointer: number; offset: number; start: number; value: number }>(undefined);
  useEffect(() => {
    if (constant.value === held && grip.current === undefined) setHeld(undefined);
  }, [constant.value, held]);
  const value = held ?? constant.value;
  const pixel = pixelOf(along, value);
  const [first, last] = [Math.min(along.from, along.to), Math.max(along.from, along.to)];
  if (!(pixel >= first - 0.5 && pixel <= last + 0.5) && grip.current === undefined) return null;
  const move = (to: number) => {
    setHeld(to === constant.value ? undefined : to);
    slide.move({ cut, at }, to);
  };
  const put = (to: number) => {
    move(to);
    slide.release();
  };
  const onMove = (event: PointerEvent<HTMLElement>) => {
    const drag = grip.current;
    if (drag?.pointer !== event.pointerId) return;
    const place = (upright ? event.clientX : event.clientY) - drag.offset;
    drag.value = valueNear(along, Math.min(Math.max(place, first), last), whole);
    move(drag.value);
  };
  const onUp = (event: PointerEvent) => {
    const drag = grip.current;
    if (drag?.pointer !== event.pointerId) return;
    grip.current = undefined;
    // Not what was rendered last: a move may come just before.
    put(drag.value);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && grip.current) {
      // Gives the drag up, and cancels no run.
      event.preventDefault();
      const { start } = grip.current;
      grip.current = undefined;
      return put(start);
    }
    const steps = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (steps === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const step = stepAt(along, pixel, whole);
    // Beyond the axis there is no line, and no focus.
    put(Math.min(Math.max(roundedTo(value + steps * step, step), along.lo), along.hi));
  };
  const enter = () => slide.enter(constant, stopsAlong(along, whole));
  const words = `${compared} ${SIGNS[op]} ${formatNumber(value, 6)}`;
  const rect = upright
    ? { left: pixel, top: area.y.to, height: area.y.from - area.y.to }
    : { top: pixel, left: area.x.from, width: area.x.to - area.x.from };
  return (
    <div
      className={`${styles.line} ${upright ? styles.upright : styles.level}`}
      data-passes={op.startsWith('>') ? 'above' : op.startsWith('<') ? 'below' : undefined}
      // The words stand where there is room for them.
      data-turned={upright && pixel > (first + last) / 2 ? true : undefined}
      style={rect}
      role="slider"
      tabIndex={0}
      aria-label={`Cut ${cut}: ${compared} ${SIGNS[op]}`}
      aria-orientation={upright ? 'horizontal' : 'vertical'}
      aria-valuemin={along.lo}
      aria-valuemax={along.hi}
      aria-valuenow={value}
      aria-valuetext={words}
      onPointerEnter={enter}
      onFocus={enter}
      onPointerDown={(event) => {
        if (event.button !== 0 || grip.current) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        const offset = (upright ? event.clientX : event.clientY) - pixel;
        grip.current = { pointer: event.pointerId, offset, start: constant.value, value };
      }}
      onPointerMove={onMove}
      onPointerUp={onUp}
      onPointerCancel={onUp}
      onKeyDown={onKey}
    >
      <span className={styles.words} aria-hidden>
        {words}
      </span>
    </div>
  );
}

/** The round numbers at all pixels, ascending. */
function stopsAlong(along: PixelScale, whole: boolean): number[] {
  const [first, last] = [Math.min(along.from, along.to), Math.max(along.from, along.to)];
  const stops = new Set<number>();
  for (let pixel = first; pixel <= last; pixel++) stops.add(valueNear(along, pixel, whole));
  return [...stops].sort((a, b) => a - b);
}

/** The round number at a pixel. */
function valueNear(along: PixelScale, pixel: number, whole: boolean): number {
  return roundedTo(valueAt(along, pixel), stepAt(along, pixel, whole));
}
