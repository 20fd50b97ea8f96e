import { type KeyboardEvent, type PointerEvent, useState } from 'react';

/** One of `count` columns of a chart that is pointed at, or walked to by arrow keys. @param plot left and right end of the columns, in pixels of the chart */
export function useReading(count: number, plot: { left: number; right: number }) {
  const [at, setAt] = useState<number>();
  const within = (next: number) => Math.max(0, Math.min(count - 1, next));
  return {
    at: at === undefined || count === 0 ? undefined : within(at),
    handlers: {
      onPointerMove: (event: PointerEvent<SVGSVGElement>) => {
        const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
        setAt(within(Math.floor(((x - plot.left) / (plot.right - plot.left)) * count)));
      },
      onPointerLeave: () => setAt(undefined),
      onBlur: () => setAt(undefined),
      onKeyDown: (event: KeyboardEvent) => {
        const next = {
          ArrowLeft: (at ?? count) - 1,
          ArrowRight: (at ?? -1) + 1,
          Home: 0,
          End: count - 1,
          Escape: undefined,
        };
        if (!(event.key in next)) return;
        event.preventDefault();
        const to = next[event.key as keyof typeof next];
        setAt(to === undefined ? undefined : within(to));
      },
    },
  };
}
