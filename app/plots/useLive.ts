import { type RefObject, useCallback, useEffect, useRef } from 'react';
import type { Histogram } from '../../core/hist/histogram.ts';
import { useContextual } from '../store/context.tsx';
import type { LiveLayer } from './drag/liveLayer.ts';
import type { Drawn, LivePlot } from './live.ts';

/**
 * Has numbers of a drag drawn over a plot, past React; what draws them is loaded with the first of them.
 * @param frame the element that the plot fills
 * @returns to be called whenever Plotly has drawn, with what
 */
export function useLive(frame: RefObject<HTMLElement | null>, plot: LivePlot | undefined): (drawn?: Drawn) => void {
  const { live } = useContextual();
  const layer = useRef<LiveLayer>(undefined);
  const latest = useRef(plot);
  latest.current = plot;
  const last = useRef<Drawn>(undefined);
  const name = plot?.name;
  useEffect(() => {
    if (name === undefined) return;
    let gone = false;
    const seen = () => latest.current && last.current && { plot: latest.current, drawn: last.current };
    const draw = async (histogram: Histogram | undefined) => {
      if (!layer.current) {
        if (!histogram) return;
        const { LiveLayer } = await import('./drag/liveLayer.ts');
        if (gone || !frame.current) return;
        layer.current ??= new LiveLayer(frame.current, seen);
      }
      layer.current.show(live.shown(name));
    };
    const stop = live.subscribe(name, draw);
    void draw(live.shown(name));
    return () => {
      gone = true;
      stop();
      layer.current?.remove();
      layer.current = undefined;
    };
  }, [live, name, frame]);
  return useCallback((drawn) => {
    last.current = drawn;
    layer.current?.redrawn();
  }, []);
}
