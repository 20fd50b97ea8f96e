import { useMemo } from 'react';
import { axisOf } from '../../core/analysis/compile.ts';
import type { HistogramSpec } from '../../core/analysis/document.ts';
import type { PlotArea } from '../plots/plotArea.ts';
import { useExplorer } from '../store/context.tsx';
import { BrushLayer } from './BrushLayer.tsx';
import type { BrushAxis } from './brushAxis.ts';
import { IndexProgress } from './IndexProgress.tsx';
import { useBrushing } from './useBrushing.ts';
import { useBrushScope } from './useBrushScope.ts';

interface Props {
  area: PlotArea;
  spec: HistogramSpec;
  /** Positions of the axes that are drawn: x, and y of a heat map. */
  x: number;
  y?: number;
  /** The plot's name, for people. */
  name: string;
  /** Whether a drag anywhere in the plot makes a brush. */
  makes: boolean;
  /** A new object asks for the focus, and for a brush in the middle where there is none. */
  wanted?: object;
}

/** The brush of a plot: what is drawn of it here, and what becomes of it in the store. */
export default function PlotBrush({ area, spec, x, y, name, makes, wanted }: Props) {
  const brushing = useBrushing();
  const brush = useExplorer((s) => s.brushes.find(({ histogram }) => histogram === spec.name));
  const scope = useBrushScope();
  const inBox = y !== undefined || brush?.ranges.some(({ axis }) => axis !== x) === true;
  const axes = useMemo(
    () =>
      [x, ...(y === undefined ? [] : [y])].flatMap((position): BrushAxis[] => {
        const axis = spec.axes[position];
        return axis && scope ? [{ position, axis: axisOf(axis), fine: scope.fineAxis(axis, inBox) }] : [];
      }),
    [scope, spec, x, y, inBox],
  );
  if (axes.length === 0) return null;
  return (
    <BrushLayer
      area={area}
      axes={axes}
      histogram={spec.name}
      name={name}
      brush={brush}
      makes={makes}
      wanted={wanted}
      onEnter={() =>
        brushing.enter(
          spec.name,
          axes.map(({ position }) => position),
        )
      }
      onDrag={(moved) => brushing.move(moved)}
      onSettle={(settled) => brushing.set(spec.name, settled)}
      onCancel={() => brushing.cancel()}
      progress={<IndexProgress histogram={spec.name} />}
    />
  );
}
