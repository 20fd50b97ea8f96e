import { useId } from 'react';
import type { Axis } from '../../core/hist/axis.ts';
import { binsOf, nameOf } from '../plots/bins.ts';
import { flat } from '../plots/labels.ts';
import { ruler } from '../plots/series.ts';
import { sliceOf } from '../plots/shown.ts';
import type { PlotView, ViewChange } from '../store/plotView.ts';
import { Label } from './Label.tsx';
import styles from './Slices.module.css';

interface Props {
  /** The axes that are not drawn. */
  axes: readonly { axis: Axis; position: number }[];
  view: PlotView;
  onChange: (change: ViewChange) => void;
}

/** A slider for each axis that is not drawn: the sum over it, at the left end, or one of its bins, flow bins among them. */
export default function Slices({ axes, view, onChange }: Props) {
  return (
    <fieldset className={styles.slices} aria-label="Axes that are not drawn">
      {axes.map(({ axis, position }) => (
        <One
          key={position}
          axis={axis}
          bin={sliceOf(axis, position, view)}
          onChange={(bin) => {
            const { [position]: _, ...others } = view.slices;
            onChange({ slices: bin === undefined ? others : { ...others, [position]: bin } });
          }}
        />
      ))}
    </fieldset>
  );
}

function One({
  axis,
  bin,
  onChange,
}: {
  axis: Axis;
  bin: number | undefined;
  onChange: (bin: number | undefined) => void;
}) {
  const id = useId();
  const along = ruler(axis);
  const names = ['all (sum)', ...binsOf(along, true).map((bin) => nameOf(along, bin))];
  const at = bin === undefined ? 0 : bin + 1;
  const label = axis.label ?? axis.name ?? '';
  return (
    <div className={styles.one}>
      <label className={styles.label} htmlFor={id} title={flat(label)}>
        <Label text={label} />
      </label>
      <input
        id={id}
        type="range"
        className={styles.slider}
        min={0}
        max={names.length - 1}
        value={at}
        aria-valuetext={names[at]}
        onChange={(event) => {
          const to = Number(event.target.value);
          onChange(to === 0 ? undefined : to - 1);
        }}
      />
      <output className={styles.value} htmlFor={id}>
        {names[at]}
      </output>
    </div>
  );
}
