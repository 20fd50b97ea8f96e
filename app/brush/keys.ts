/** What the keyboard does to a brush. */
import { type BrushAxis, type Span, shifted, withEnd } from './brushAxis.ts';

/** The part of a keyboard event that counts. */
export interface Key {
  key: string;
  shiftKey: boolean;
}

const STEPS: Record<string, number> = {
  ArrowRight: 1,
  ArrowUp: 1,
  ArrowLeft: -1,
  ArrowDown: -1,
  PageUp: 10,
  PageDown: -10,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

/** By how many edges a key moves: ten with Shift; undefined where it moves none. */
export function stepOf({ key, shiftKey }: Key): number | undefined {
  const step = STEPS[key];
  return step === undefined || !shiftKey || Math.abs(step) > 1 ? step : 10 * step;
}

/** One end of a span moved by a key. */
export function endMoved(span: Span, end: keyof Span, step: number, axis: BrushAxis): Span {
  return withEnd(span, end, span[end] + step, axis);
}

/** Spans of a brush moved as a whole: ↑ and ↓ along the second axis, where there is one. */
export function bodyMoved(spans: readonly Span[], key: string, step: number, axes: readonly BrushAxis[]): Span[] {
  const along = axes.length > 1 && (key === 'ArrowUp' || key === 'ArrowDown') ? 1 : 0;
  return spans.map((span, i) => (i === along ? shifted(span, step, axes[i]!) : span));
}
