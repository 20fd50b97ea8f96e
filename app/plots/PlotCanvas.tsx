import { useEffect, useRef, useState } from 'react';
import { cancelDraw, requestDraw } from './drawQueue.ts';
import styles from './PlotCanvas.module.css';
import { loadPlotly } from './plotly.ts';
import type { Figure, PlotlyModule } from './plotlyTypes.ts';

const CONFIG = { displayModeBar: false, responsive: false, showTips: false, doubleClick: 'reset' };

/** The size of a box and whether it is near the view. */
interface Place {
  width: number;
  height: number;
  near: boolean;
}

/**
 * Draws a figure with Plotly: only while it is in view, and in turn with the other plots.
 * @param figure called when the plot is drawn; a new function for each new figure
 * @param zoomKey a zoom is kept while this stays the same
 */
export function PlotCanvas({ figure, label, zoomKey }: { figure: () => Figure; label: string; zoomKey: string }) {
  const element = useRef<HTMLDivElement>(null);
  const place = usePlace(element);
  const [plotly, setPlotly] = useState<PlotlyModule>();
  const [failed, setFailed] = useState(false);

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
  useEffect(() => {
    const { width, height, near } = place;
    if (!plotly || !near || width < 10 || height < 10) return;
    requestDraw(key, () => {
      if (!element.current) return;
      const coarse = matchMedia('(pointer: coarse)').matches;
      const { data, layout: own } = figure();
      const layout = { ...own, width, height, uirevision: zoomKey, ...(coarse ? { dragmode: false } : {}) };
      void plotly.react(element.current, data, layout, CONFIG);
    });
    return () => cancelDraw(key);
  }, [plotly, figure, place, zoomKey, key]);

  useEffect(() => {
    const drawn = element.current;
    return () => {
      if (plotly && drawn) plotly.purge(drawn);
    };
  }, [plotly]);

  return (
    <div className={styles.frame} role="img" aria-label={label}>
      <div ref={element} className={styles.canvas} />
      {failed && (
        <p className={styles.failed}>
          The plotting part of the page could not be loaded. Reload the page to try again.
        </p>
      )}
    </div>
  );
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
