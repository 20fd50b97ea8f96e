import { ActionIcon, Menu } from '@mantine/core';
import { IconCheck, IconDotsVertical } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { PlotView, ViewChange } from '../store/plotView.ts';
import styles from './PlotCard.module.css';

interface Props {
  /** Name of the histogram, for people. */
  name: string;
  view: PlotView;
  onView: (change: ViewChange) => void;
  /** A heat map; else curves. */
  map: boolean;
  /** Whether there are several curves. */
  many: boolean;
  /** Histograms that can be drawn over this one. */
  others: readonly { name: string; title: string }[];
  /** Only `children` are offered. */
  readOnly?: boolean;
  children: ReactNode;
}

/** How a plot is drawn, as a menu; `children` are what else can be done with it. */
export function PlotMenu({ name, view, onView, map, many, others, readOnly, children }: Props) {
  const toggle = (key: 'log' | 'flow' | 'stack' | 'normalise', label: string) => (
    <Choice on={view[key]} onClick={() => onView({ [key]: !view[key] })} label={label} />
  );
  const below = (kind: 'ratio' | 'efficiency', label: string) => (
    <Choice
      on={view.ratio === kind}
      onClick={() => onView({ ratio: view.ratio === kind ? 'off' : kind })}
      label={label}
    />
  );
  const over = (other: string) =>
    view.overlay.includes(other) ? view.overlay.filter((one) => one !== other) : [...view.overlay, other];
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon aria-label={`Menu of ${name}`}>
          <IconDotsVertical size={15} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown className={styles.menu}>
        {!readOnly && (
          <>
            {toggle('log', map ? 'Logarithmic colours' : 'Logarithmic y axis')}
            {toggle('flow', 'Show overflow')}
            {!map && toggle('normalise', 'Normalise to 1')}
            {!map && many && toggle('stack', 'Stack')}
            {!map && many && below('ratio', 'Ratio to the first')}
            {!map && many && below('efficiency', 'Efficiency: parts of the first')}
            {!map && others.length > 0 && <Menu.Label>Compare with</Menu.Label>}
            {!map &&
              others.map((other) => (
                <Choice
                  key={other.name}
                  on={view.overlay.includes(other.name)}
                  onClick={() => onView({ overlay: over(other.name) })}
                  label={other.title}
                />
              ))}
            <Menu.Divider />
          </>
        )}
        {children}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Something that is on or off; the menu stays open for the next one. */
function Choice({ on, onClick, label }: { on: boolean; onClick: () => void; label: string }) {
  return (
    <Menu.CheckboxItem
      checked={on}
      onChange={onClick}
      classNames={{ itemIndicator: styles.tick }}
      checkIcon={<IconCheck size={14} />}
    >
      {label}
    </Menu.CheckboxItem>
  );
}
