import { type RefObject, useEffect, useRef } from 'react';
import type { PlotArea } from '../plots/plotArea.ts';
import type { Span } from './brushAxis.ts';
import { dragged, type Gesture, type Held, type PlacedAxis, pixelOfEdge } from './gesture.ts';

/** Pixels before a press becomes a drag. */
const THRESHOLD = 3;
/** Milliseconds between the clicks of a double click. */
const DOUBLE = 400;

interface Drag {
  area: PlotArea;
  /** In the order of the page: x, and y of a heat map. */
  axes: readonly PlacedAxis[];
  /** What is marked now. */
  spans: readonly Span[] | undefined;
  /** Whether a drag anywhere makes a brush; the handles of one that is there work in any case. */
  makes: boolean;
  /** The pointer or the focus is where a brush may be made or moved; called again and again. */
  onEnter(): void;
  /** Called with other spans than before only. */
  onDrag(spans: Span[]): void;
  /** The drag has ended; undefined: the brush goes. */
  onEnd(spans: readonly Span[] | undefined): void;
  /** The drag was given up. */
  onCancel(): void;
}

/**
 * Follows the pointer over the element that `layer` lies in: past Plotly, which sees nothing of a drag that is a brush's. Handles are
 * elements with `data-held`, such as `lo` and `,hi`: the end of x and, behind the comma, of y.
 */
export function useBrushDrag(layer: RefObject<HTMLElement | null>, drag: Drag): void {
  const latest = useRef(drag);
  latest.current = drag;
  useEffect(() => {
    const root = layer.current;
    const frame = root?.parentElement;
    return root && frame ? follow(root, frame, latest) : undefined;
  }, [layer]);
  const touch = drag.makes ? (drag.axes.length > 1 ? 'none' : 'pan-y') : '';
  useEffect(() => {
    const frame = layer.current?.parentElement;
    if (!frame) return;
    frame.style.touchAction = touch;
    return () => {
      frame.style.touchAction = '';
      delete frame.dataset.brush;
    };
  }, [layer, touch]);
}

function follow(root: HTMLElement, frame: HTMLElement, latest: RefObject<Drag>): () => void {
  let gesture: Gesture | undefined;
  /** Whose drag it is: other fingers change nothing. */
  let pointer = 0;
  let moved = false;
  let shown: readonly Span[] | undefined;
  let clicked = Number.NEGATIVE_INFINITY;

  const at = ({ clientX, clientY }: PointerEvent): [number, number] => {
    const { left, top } = root.getBoundingClientRect();
    return [clientX - left, clientY - top];
  };

  const begin = (event: PointerEvent) => {
    if (event.button !== 0 || !event.isPrimary || gesture) return;
    const { area, axes, spans, makes } = latest.current;
    const start = at(event);
    const held = heldBy(event.target);
    const kind = held ? 'resize' : isInside(axes, spans, start) ? 'move' : 'make';
    if (!held && !(makes && isInArea(area, start) && isOnPlot(event.target))) return;
    event.preventDefault();
    event.stopPropagation();
    root.setPointerCapture(event.pointerId);
    pointer = event.pointerId;
    gesture = { kind, held: held ?? [], start, spans: spans ?? axes.map(() => ({ lo: 0, hi: 1 })) };
    moved = false;
    shown = spans;
  };
  const move = (event: PointerEvent) => {
    if (!gesture) return point(event);
    if (event.pointerId !== pointer) return;
    const now = at(event);
    moved ||= Math.hypot(now[0] - gesture.start[0]!, now[1] - gesture.start[1]!) >= THRESHOLD;
    if (!moved) return;
    const next = dragged(gesture, latest.current.axes, now);
    if (shown && isSame(next, shown)) return;
    shown = next;
    latest.current.onDrag(next);
  };
  const end = (event: PointerEvent) => {
    if (!gesture || event.pointerId !== pointer) return;
    const { kind } = gesture;
    gesture = undefined;
    if (moved) return latest.current.onEnd(shown);
    const isDouble = event.timeStamp - clicked < DOUBLE;
    clicked = event.timeStamp;
    // A click beside a brush takes it away, as a double click on it does.
    latest.current.onEnd(kind === 'make' || isDouble ? undefined : shown);
  };
  const giveUp = () => {
    if (!gesture) return;
    gesture = undefined;
    latest.current.onCancel();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !gesture) return;
    event.preventDefault();
    event.stopPropagation();
    giveUp();
  };
  /** Says by the cursor what a press would do. */
  const point = (event: PointerEvent) => {
    const { area, axes, spans, makes, onEnter } = latest.current;
    const place = at(event);
    if (makes || heldBy(event.target)) onEnter();
    if (!makes || !isInArea(area, place) || !isOnPlot(event.target)) delete frame.dataset.brush;
    else frame.dataset.brush = isInside(axes, spans, place) ? 'move' : 'make';
  };
  // The events that browsers make of a press for old pages.
  const swallow = (event: Event) => {
    if (gesture) event.stopPropagation();
  };
  const gone = new AbortController();
  const listening = { capture: true, signal: gone.signal };
  frame.addEventListener('pointerdown', begin, listening);
  frame.addEventListener('pointermove', move, listening);
  frame.addEventListener('pointerup', end, listening);
  frame.addEventListener('pointercancel', (event) => event.pointerId === pointer && giveUp(), listening);
  frame.addEventListener('mousedown', swallow, listening);
  frame.addEventListener('touchstart', swallow, listening);
  window.addEventListener('keydown', onKey, listening);
  // What reads the bins lies beside the frame.
  frame.parentElement?.addEventListener('focusin', () => latest.current.onEnter(), listening);
  return () => {
    gone.abort();
    giveUp();
  };
}

function heldBy(target: EventTarget | null): Held | undefined {
  const handle = target instanceof Element ? target.closest<HTMLElement>('[data-held]') : null;
  return handle?.dataset.held?.split(',').map((end) => (end === 'lo' || end === 'hi' ? end : undefined));
}

/** Not on what else lies over the plot and is dragged. */
function isOnPlot(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[role=img]') !== null;
}

function isInArea({ x, y }: PlotArea, [left, top]: readonly [number, number]): boolean {
  return isBetween(left, x.from, x.to) && isBetween(top, y.from, y.to);
}

function isInside(axes: readonly PlacedAxis[], spans: readonly Span[] | undefined, place: readonly number[]): boolean {
  return (
    spans !== undefined &&
    axes.every((axis, i) => isBetween(place[i]!, pixelOfEdge(axis, spans[i]!.lo), pixelOfEdge(axis, spans[i]!.hi)))
  );
}

function isBetween(pixel: number, a: number, b: number): boolean {
  return pixel >= Math.min(a, b) && pixel <= Math.max(a, b);
}

function isSame(a: readonly Span[], b: readonly Span[]): boolean {
  return a.every(({ lo, hi }, i) => lo === b[i]!.lo && hi === b[i]!.hi);
}
