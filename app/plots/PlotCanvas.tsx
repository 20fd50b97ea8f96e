import { type ReactNode, useEffect, useRef, useState } from 'react';
import { roundedRange } from './binning.ts';
import { cancelDraw, requestDraw } from './drawQueue.ts';
import type { LivePlot } from './live.ts';
import styles from './PlotCanvas.module.css';
import { isSameArea, type PlotArea, plotAreaOf } from './plotArea.ts';
import { loadPlotly } from './plotly.ts';
import type { DrawnElement, Figure, PlotlyModule } from './plotlyTypes.ts';
import { useLive } from './useLive.ts';

const CONFIG = { displayModeBar: false, responsive: false, showTips: false, doubleClick: false };

/** The size of a box and whether it is near the view. */
interface Place {
  width: number;
  height: number;
  near: boolean;
}

interface Props {
  /** Called when the plot is drawn; a new function for each new figure. */
  figure: () => Figure;
  label: string;
  /** A zoom of the y axis is kept while this stays the same. */
  zoomKey: string;
  /** Taller, for a panel below the plot. */
  tall?: boolean;
  /** Told of a part of the x axis that was chosen by dragging, and of a double click as `all`. */
  onRange?: (range: [number, number] | 'all') => void;
  /** What lies over the plot once it is drawn, in an element of its size: `area` says where the axes are. */
  over?: (area: PlotArea) => ReactNode;
  /** How numbers of a drag are drawn. */
  live?: LivePlot;
}

/** Draws a figure with Plotly: only while it is in view, and in turn with the other plots. */
export function PlotCanvas({ figure, label, zoomKey, tall, onRange, over, live }: Props) {
  const element = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const tellDrawn = useLive(frame, live);
  const place = usePlace(element);
  const [plotly, setPlotly] = useState<PlotlyModule>();
  const [failed, setFailed] = useState(false);
  const [resets, setResets] = useState(0);
  const [area, setArea] = useState<PlotArea>();
  const told = useRef(onRange);
  told.current = onRange;

  useEffect(() => {
    if (!place.near || plotly) return;
    let gone = false;
    loadPlotly().then(
      (loaded) => !gone && setPlotly(() => loaded),
      () => !gone && setFailed(true),
    );
    return () => {
      gone = true;
    };
  }, [place.near, plotly]);

  const key = useRef(Symbol('plot')).current;
  /** What Plotly shows; undefined where it has to be told all of it. */
  const last = useRef<Figure>(undefined);
  useEffect(() => {
    const { width, height, near } = place;
    if (!plotly || !near || width < 10 || height < 10) return;
    const draw = async () => {
      if (!element.current) return;
      const coarse = matchMedia('(pointer: coarse)').matches;
      const { data, layout: own } = figure();
      const uirevision = `${zoomKey} ${resets}`;
      const layout = { ...own, width, height, uirevision, ...(coarse ? { dragmode: false } : {}) };
      const before = last.current;
      last.current = { data, layout };
      // Not needed for the first plot; without it the whole figure is drawn.
      const module = before && (await import('./change.ts').catch(() => undefined));
      if (!element.current) return;
      const change = before && module?.numberChange(before, { data, layout });
      const drawn = (await (change
        ? plotly.update(element.current, change.data, change.layout)
        : plotly.react(element.current, data, layout, CONFIG))) as DrawnElement;
      const now = plotAreaOf(drawn);
      setArea((before) => (isSameArea(before, now) ? before : now));
      tellDrawn(now && { area: now, data });
      listen(drawn, {
        range(range, log) {
          told.current?.(roundedRange(log ? [10 ** range[0], 10 ** range[1]] : range, log));
          // What was dragged may be another range than the one shown, which then comes back.
          last.current = undefined;
          requestDraw(key, draw);
        },
        reset() {
          told.current?.('all');
          setResets((n) => n + 1);
        },
      });
    };
    requestDraw(key, draw);
    return () => cancelDraw(key);
  }, [plotly, figure, place, zoomKey, resets, key, tellDrawn]);

  useEffect(() => {
    const drawn = element.current;
    return () => {
      last.current = undefined;
      if (plotly && drawn) plotly.purge(drawn);
    };
  }, [plotly]);

  return (
    <div ref={frame} className={`${styles.frame} ${tall ? styles.tall : ''}`}>
      <div ref={element} className={styles.canvas} role="img" aria-label={label} />
      {area && over?.(area)}
      {failed && (
        <p className={styles.failed}>
          The plotting part of the page could not be loaded. Reload the page to try again.
        </p>
      )}
    </div>
  );
}

/** Follows what the pointer does to the x axis of a plot that was just drawn. */
function listen(
  drawn: DrawnElement,
  on: { range: (range: [number, number], log: boolean) => void; reset: () => void },
): void {
  drawn.removeAllListeners('plotly_relayout');
  drawn.removeAllListeners('plotly_doubleclick');
  drawn.on('plotly_relayout', (change) => {
    const [lo, hi] = [change['xaxis.range[0]'], change['xaxis.range[1]']];
    const log = (drawn.layout.xaxis as { type?: string }).type === 'log';
    if (typeof lo === 'number' && typeof hi === 'number' && lo < hi) on.range([lo, hi], log);
  });
  drawn.on('plotly_doubleclick', on.reset);
}

function usePlace(ref: React.RefObject<HTMLElement | null>): Place {
  const [place, setPlace] = useState<Place>({ width: 0, height: 0, near: false });
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const sizes = new ResizeObserver(([entry]) => {
      const { width, height } = entry?.contentRect ?? { width: 0, height: 0 };
      setPlace((p) => ({ ...p, width: Math.floor(width), height: Math.floor(height) }));
    });
    const sight = new IntersectionObserver(
      ([entry]) => setPlace((p) => ({ ...p, near: entry?.isIntersecting ?? false })),
      { rootMargin: '200px' },
    );
    sizes.observe(element);
    sight.observe(element);
    return () => {
      sizes.disconnect();
      sight.disconnect();
    };
  }, [ref]);
  return place;
}
