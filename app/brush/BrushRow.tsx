import { ActionIcon, Menu } from '@mantine/core';
import { IconDotsVertical, IconMarquee2 } from '@tabler/icons-react';
import type { Brush } from '../../core/analysis/brush.ts';
import { axisOf } from '../../core/analysis/compile.ts';
import type { HistogramSpec } from '../../core/analysis/document.ts';
import { FigureCells } from '../components/CutRow.tsx';
import styles from '../components/CutTable.module.css';
import type { Figures } from '../components/cutRows.ts';
import { Label } from '../components/Label.tsx';
import { flat } from '../plots/labels.ts';
import { useActions, useContextual, useExplorer } from '../store/context.tsx';
import { RangeFields } from './RangeFields.tsx';
import { useBrushScope } from './useBrushScope.ts';

interface Props {
  brush: Brush;
  spec: HistogramSpec;
  /** One for each data set that is shown. */
  figures: readonly (Figures | undefined)[];
  weighted: boolean;
}

/** A brush as a row of the cut list: where it lies, to be typed, and what it leaves. */
export function BrushRow({ brush, spec, figures, weighted }: Props) {
  const { setBrush } = useActions();
  const scope = useBrushScope();
  // What was typed goes to the nearest fine edge.
  const change = (to: Brush) => setBrush(scope?.settled(to) ?? to);
  const title = spec.title ?? spec.name;
  return (
    <tr>
      <th scope="row" className={styles.name}>
        <div className={styles.brush}>
          <IconMarquee2 size={14} aria-label="Brush" />
          <div className={styles.words}>
            <span className={styles.label}>
              <Label text={title} />
            </span>
            {brush.ranges.map((range, k) => (
              <RangeFields
                key={range.axis}
                axis={axisOf(spec.axes[range.axis]!)}
                range={range}
                onChange={(changed) => change({ ...brush, ranges: brush.ranges.with(k, changed) })}
              />
            ))}
          </div>
        </div>
      </th>
      {figures.map((one, k) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: data sets have places, and names that may change
        <FigureCells key={k} figures={one} weighted={weighted} />
      ))}
      <td className={styles.more}>
        <BrushMenu histogram={spec.name} name={flat(title)} />
      </td>
    </tr>
  );
}

function BrushMenu({ histogram, name }: { histogram: string; name: string }) {
  const { makePermanent, removeBrush, removeBrushes, showPlot } = useActions();
  const { store } = useContextual();
  const many = useExplorer((s) => s.brushes.length > 1);
  const makeCut = async () => {
    const error = await makePermanent(histogram);
    if (error) store.setState({ arrival: { what: 'the cut', error } });
  };
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon size={22} aria-label={`Actions for the brush on ${name}`}>
          <IconDotsVertical size={14} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void makeCut()}>Make it a cut</Menu.Item>
        <Menu.Item onClick={() => showPlot(histogram)}>Show plot</Menu.Item>
        <Menu.Item color="red" onClick={() => removeBrush(histogram)}>
          Remove
        </Menu.Item>
        {many && (
          <Menu.Item color="red" onClick={removeBrushes}>
            Remove all brushes
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
