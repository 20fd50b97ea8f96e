import { useEffect, useState } from 'react';
import { loadPlotly } from '../plots/plotly.ts';
import { useExplorer } from '../store/context.tsx';

/** Milliseconds: long enough for the first plots to be drawn. */
const PAUSE = 300;

/**
 * Whether the first plots are under way, or there are none to wait for: from then on what the page can do without
 * at first may load. Once true, it stays so.
 */
export function useSettled(): boolean {
  const busy = useExplorer(
    (s) => s.result === undefined && (s.phase === 'opening' || s.phase === 'planning' || s.phase === 'running'),
  );
  const [settled, setSettled] = useState(false);
  useEffect(() => {
    if (busy || settled) return;
    let timer: ReturnType<typeof setTimeout>;
    let gone = false;
    const wait = () => {
      if (!gone) timer = setTimeout(() => setSettled(true), PAUSE);
    };
    loadPlotly().then(wait, wait);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [busy, settled]);
  return settled;
}
