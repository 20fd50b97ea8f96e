import { Button } from '@mantine/core';
import { useState } from 'react';
import type { AxisSpec } from '../../core/analysis/document.ts';
import { type Axis, axisBins } from '../../core/hist/axis.ts';
import { formatNumber } from '../numbers.ts';
import { binsShown, withBins } from '../plots/binning.ts';
import type { PlotView, ViewChange } from '../store/plotView.ts';
import { CardPanel } from './CardPanel.tsx';
import { NumberField } from './NumberField.tsx';

interface Props {
  /** The x axis as it was filled. */
  axis: Axis;
  spec: AxisSpec;
  view: PlotView;
  onView: (change: ViewChange) => void;
  /** Takes bins into the document; absent where it can't be changed. */
  onUse?: (axis: AxisSpec) => void;
  onClose: () => void;
}

/** The part of the x axis that is drawn, and how many bins are drawn as one; and both of them for the analysis. */
export default function BinningPanel({ axis, spec, view, onView, onUse, onClose }: Props) {
  const edges = binsShown(axis, view);
  const shownBins = edges.length - 1;
  const [wished, setWished] = useState<number>();
  const bins = wished ?? shownBins;
  const lo = edges[0]!;
  const hi = edges.at(-1)!;
  const [from, to] = view.range === 'all' ? [lo, hi] : view.range;
  const unit = axis.unit ? ` ${axis.unit}` : '';
  const setRange = (range: [number, number]) => range[0] < range[1] && onView({ range });
  const change = (to: ViewChange) => {
    setWished(undefined);
    onView(to);
  };
  return (
    <CardPanel title="Bins and range" onClose={onClose}>
      <NumberField label="from" value={from} onChange={(value) => setRange([value, to])} />
      <NumberField label={`to${unit && `,${unit}`}`} value={to} onChange={(value) => setRange([from, value])} />
      <NumberField
        label="bins drawn as one"
        value={view.rebin}
        whole
        least={1}
        most={axisBins(axis)}
        onChange={(rebin) => change({ rebin })}
      />
      <Button
        variant="default"
        size="compact-xs"
        disabled={view.rebin === 1 && view.range === 'all'}
        onClick={() => change({ rebin: 1, range: 'all' })}
      >
        As filled
      </Button>
      {onUse && (
        <>
          <NumberField
            label={`bins from ${formatNumber(lo)} to ${formatNumber(hi)}`}
            value={bins}
            whole
            least={1}
            most={1_000_000}
            onChange={setWished}
          />
          <Button size="compact-xs" onClick={() => onUse(withBins(spec, edges, bins))}>
            Use in the analysis
          </Button>
        </>
      )}
    </CardPanel>
  );
}
