import { type KeyboardEvent, useMemo } from 'react';
import { formatWithError } from '../numbers.ts';
import { filledBins, nameOf } from '../plots/bins.ts';
import { type Curve, drawnSeries } from '../plots/curves.ts';
import { ruler } from '../plots/series.ts';
import type { PlotView } from '../store/plotView.ts';
import styles from './BinReader.module.css';

/**
 * Reads the bins of a 1-D histogram with the arrow keys: a slider over the plot that shows, and tells a screen
 * reader, what the bin holds. Starts at the fullest one.
 * @param mark the bin that is read, in the row of drawn bins; undefined while the focus is elsewhere
 */
export function BinReader({
  curves,
  view,
  label,
  mark,
  onMark,
}: {
  curves: readonly Curve[];
  view: PlotView;
  label: string;
  mark: number | undefined;
  onMark: (mark: number | undefined) => void;
}) {
  const { along, sets } = useMemo(() => {
    const along = ruler(curves[0]!.histogram.axes[0]!);
    const sets = drawnSeries(curves, view).map((one) => ({ name: one.name, bins: filledBins(one, along, view.flow) }));
    return { along, sets };
  }, [curves, view]);
  const { bins } = sets[0]!;
  const last = bins.length - 1;
  const fullest = bins.reduce((best, bin, i) => (bin.content > bins[best]!.content ? i : best), 0);
  const at = Math.min(mark ?? fullest, last);
  const contents = sets.map(({ name, bins }) => {
    const value = formatWithError(bins[at]!.content, bins[at]!.error).join(' ± ');
    return name ? `${name} ${value}` : value;
  });
  const text = `${nameOf(along, bins[at]!)}: ${contents.join(', ')}`;
  const onKey = (event: KeyboardEvent) => {
    const step = {
      ArrowRight: 1,
      ArrowUp: 1,
      ArrowLeft: -1,
      ArrowDown: -1,
      PageUp: 10,
      PageDown: -10,
      Home: -bins.length,
      End: bins.length,
    }[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    onMark(Math.max(0, Math.min(last, at + step)));
  };
  return (
    <div
      className={styles.reader}
      data-reads-bins
      role="slider"
      tabIndex={0}
      aria-label={`Bins of ${label}`}
      aria-valuemin={1}
      aria-valuemax={bins.length}
      aria-valuenow={at + 1}
      aria-valuetext={text}
      onFocus={() => onMark(at)}
      onBlur={() => onMark(undefined)}
      onKeyDown={onKey}
    >
      {mark !== undefined && <span className={styles.readout}>{text}</span>}
    </div>
  );
}
