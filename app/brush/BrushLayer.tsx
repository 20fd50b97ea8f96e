import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { Brush } from '../../core/analysis/brush.ts';
import type { PlotArea } from '../plots/plotArea.ts';
import { BrushHandles } from './BrushHandles.tsx';
import styles from './BrushLayer.module.css';
import { type BrushAxis, type Span, spanOf, withSpans } from './brushAxis.ts';
import { areaBox, brushBox, within } from './brushBox.ts';
import { rangeWords } from './brushWords.ts';
import { middleSpan, type PlacedAxis } from './gesture.ts';
import { bodyMoved, endMoved, stepOf } from './keys.ts';
import { useBrushDrag } from './useBrushDrag.ts';

interface Props {
  area: PlotArea;
  /** The axes that are drawn: x, and y of a heat map. */
  axes: readonly BrushAxis[];
  histogram: string;
  /** The plot's name, for people. */
  name: string;
  brush: Brush | undefined;
  /** Whether a drag anywhere in the plot makes a brush. */
  makes: boolean;
  /** A new object asks for the focus, and for a brush in the middle where there is none. */
  wanted?: object;
  /** The pointer or the focus is here, and may make or move a brush. */
  onEnter(): void;
  /** The brush while it moves. @returns where it is shown: as near to that as the other plots can follow */
  onDrag(brush: Brush): Brush;
  /** It stands; undefined: it is gone. */
  onSettle(brush: Brush | undefined): void;
  /** The move was given up. */
  onCancel(): void;
  /** How far the other plots are with following. */
  progress: ReactNode;
}

/** Milliseconds after the last key at which a brush stands. */
const PAUSE = 300;

/** A plot's brush, over the plot: made, moved, resized and removed by pointer and by keyboard. */
export function BrushLayer({ area, axes, histogram, name, brush, makes, wanted, progress, ...on }: Props) {
  const layer = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  /** Where it is while it moves. */
  const [draft, setDraft] = useState<readonly Span[]>();
  const pause = useRef<ReturnType<typeof setTimeout>>(undefined);
  /** Where keys have put it, until it stands. */
  const waits = useRef<() => void>(undefined);
  const placed = axes.map((axis, i): PlacedAxis => ({ ...axis, scale: i === 0 ? area.x : area.y }));
  const standing = axes.flatMap((axis) => spanOf(brush, axis) ?? []);
  const spans = draft ?? (standing.length === axes.length ? standing : undefined);
  const made = (next: readonly Span[]) => withSpans(brush ?? { histogram, ranges: [] }, axes, next);

  const settle = (next: Brush | undefined) => {
    clearTimeout(pause.current);
    waits.current = undefined;
    setDraft(undefined);
    on.onSettle(next);
  };
  const { onCancel } = on;
  const cancel = useRef(onCancel);
  cancel.current = onCancel;
  useEffect(
    () => () => {
      clearTimeout(pause.current);
      // Else the other plots would go on showing a move that never ends.
      if (waits.current) cancel.current();
    },
    [],
  );
  const focused = useRef<object>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a wish is fulfilled once, as soon as there is a brush
  useEffect(() => {
    if (!wanted || wanted === focused.current) return;
    if (!spans) return settle(made(placed.map(middleSpan)));
    focused.current = wanted;
    body.current?.focus();
  }, [wanted, spans === undefined]);
  useBrushDrag(layer, {
    area,
    axes: placed,
    spans,
    makes,
    onDrag(next) {
      clearTimeout(pause.current);
      waits.current = undefined;
      const shown = on.onDrag(made(next));
      // Drawn with this very move of the pointer, as the other plots are.
      flushSync(() => setDraft(axes.map((axis) => spanOf(shown, axis)!)));
    },
    onEnd(next) {
      if (next || spans) settle(next && made(next));
      if (next) body.current?.focus({ preventScroll: true });
    },
    onCancel() {
      setDraft(undefined);
      on.onCancel();
    },
    onEnter: on.onEnter,
  });

  const onKey = (event: KeyboardEvent, move: (step: number) => Span[]) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const removes = event.key === 'Delete' || event.key === 'Backspace' || event.key === 'Escape';
    const step = stepOf(event);
    if (!removes && step === undefined) return;
    // Esc takes the brush away, and cancels no run.
    event.preventDefault();
    event.stopPropagation();
    if (step === undefined) {
      const card = layer.current?.closest('article');
      // A map has nothing that reads its bins: its menu gets the focus, where a brush can be made again.
      (
        card?.querySelector<HTMLElement>('[data-reads-bins]') ??
        card?.querySelector<HTMLElement>('[aria-haspopup=menu]')
      )?.focus();
      return settle(undefined);
    }
    const next = move(step);
    setDraft(next);
    on.onDrag(made(next));
    clearTimeout(pause.current);
    waits.current = () => settle(made(next));
    pause.current = setTimeout(waits.current, PAUSE);
  };

  if (!spans) {
    return (
      <div ref={layer} className={styles.layer}>
        {progress}
      </div>
    );
  }
  const box = brushBox(area, placed, spans);
  const whole = areaBox(area);
  const { edges } = axes[0]!.fine;
  const { lo, hi } = spans[0]!;
  const { ranges } = made(spans);
  const shown = axes.map(({ position }) => ranges.find(({ axis }) => axis === position)!);
  const words = axes.map(({ axis }, i) => rangeWords(shown[i]!, axis));
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the focus leaves its sliders
    <div ref={layer} className={styles.layer} data-moves={draft ? true : undefined} onBlur={() => waits.current?.()}>
      {progress}
      <div className={styles.clip} style={whole}>
        <div className={axes.length > 1 ? styles.part : `${styles.part} ${styles.tinted}`} style={within(box, whole)} />
      </div>
      <div
        ref={body}
        className={styles.body}
        style={box}
        role="slider"
        tabIndex={0}
        aria-label={`Brush on ${name}`}
        aria-valuemin={edges[0]!}
        aria-valuemax={edges[edges.length - 1 - (hi - lo)]!}
        aria-valuenow={edges[lo]!}
        aria-valuetext={words.join(' and ')}
        onKeyDown={(event) => onKey(event, (step) => bodyMoved(spans, event.key, step, axes))}
      />
      <BrushHandles
        axes={axes}
        spans={spans}
        ranges={shown}
        box={box}
        whole={whole}
        name={name}
        onKey={(event, i, end) =>
          onKey(event, (step) => spans.map((one, k) => (k === i ? endMoved(one, end, step, axes[i]!) : one)))
        }
      />
    </div>
  );
}
