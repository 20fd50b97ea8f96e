import type { CSSProperties, KeyboardEvent } from 'react';
import type { BrushRange } from '../../core/analysis/brush.ts';
import { flat } from '../plots/labels.ts';
import styles from './BrushLayer.module.css';
import type { BrushAxis, Span } from './brushAxis.ts';
import type { Box } from './brushBox.ts';
import { endWords } from './brushWords.ts';

const ENDS = ['lo', 'hi'] as const;
const CORNERS = ENDS.flatMap((x) => ENDS.map((y) => [x, y] as const));

interface Props {
  axes: readonly BrushAxis[];
  spans: readonly Span[];
  ranges: readonly BrushRange[];
  box: Box;
  /** The plot's area. */
  whole: Box;
  /** The plot's name, for people. */
  name: string;
  onKey(event: KeyboardEvent, axis: number, end: keyof Span): void;
}

/** The edges of a brush, each a slider with its value beside it while it moves; of a box its corners too. */
export function BrushHandles({ axes, spans, ranges, box, whole, name, onKey }: Props) {
  return (
    <>
      {axes.map((axis, i) =>
        ENDS.map((end) => {
          const { edges } = axis.fine;
          const span = spans[i]!;
          const [least, most] = end === 'lo' ? [0, span.hi - 1] : [span.lo + 1, edges.length - 1];
          const words = endWords(axis.axis, ranges[i]!, end === 'lo' ? 'from' : 'to');
          const label = flat(axis.axis.label ?? axis.axis.name ?? '') || name;
          return (
            <div
              key={`${axis.position} ${end}`}
              className={i === 0 ? styles.across : styles.along}
              style={sideOf(box, i, end)}
              data-held={i === 0 ? end : `,${end}`}
              data-end={end}
              role="slider"
              tabIndex={0}
              aria-orientation={i === 0 ? 'horizontal' : 'vertical'}
              aria-label={`${label} ${end === 'lo' ? 'from' : 'up to'}`}
              aria-valuemin={edges[least]!}
              aria-valuemax={edges[most]!}
              aria-valuenow={edges[span[end]]!}
              aria-valuetext={words}
              onKeyDown={(event) => onKey(event, i, end)}
            >
              <span className={styles.value} data-side={sideOfValue(box, whole, i, end, words)} aria-hidden>
                {words}
              </span>
            </div>
          );
        }),
      )}
      {axes.length > 1 &&
        CORNERS.map(([x, y]) => (
          <div
            key={`${x},${y}`}
            className={styles.corner}
            data-held={`${x},${y}`}
            style={{ left: sideOf(box, 0, x).left, top: sideOf(box, 1, y).top }}
          />
        ))}
    </>
  );
}

/** The line of an edge: of x from top to bottom, of y, which grows upwards, from left to right. */
function sideOf({ left, top, width, height }: Box, axis: number, end: keyof Span): CSSProperties {
  if (axis === 0) return { left: end === 'lo' ? left : left + width, top, height };
  return { left, width, top: end === 'lo' ? top + height : top };
}

/** Where the value of an edge stands: outside the brush where there is room for it. */
function sideOfValue(box: Box, whole: Box, axis: number, end: keyof Span, words: string): 'outside' | 'inside' {
  const outside = {
    left: box.left - whole.left,
    right: whole.left + whole.width - box.left - box.width,
    above: box.top - whole.top,
    below: whole.top + whole.height - box.top - box.height,
  };
  const room = axis === 0 ? outside[end === 'lo' ? 'left' : 'right'] : outside[end === 'lo' ? 'below' : 'above'];
  return room >= (axis === 0 ? 7 * words.length + 14 : 20) ? 'outside' : 'inside';
}
