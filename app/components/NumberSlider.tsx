import { ActionIcon, Slider as MantineSlider, TextInput } from '@mantine/core';
import { IconRestore } from '@tabler/icons-react';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import type { Movable } from '../../core/analysis/movable.ts';
import { sliderStep, snapped } from '../../core/analysis/slider.ts';
import { useContextual, useExplorer } from '../store/context.tsx';
import type { Slide } from '../store/slide.ts';
import type { ExplorerState } from '../store/state.ts';
import styles from './NumberSlider.module.css';
import '@mantine/core/styles/Slider.css';

interface Props {
  label: ReactNode;
  /** The label in plain words. */
  name: string;
  what: Movable;
  /** The number in the document. */
  read: (state: ExplorerState) => number | undefined;
  scale: { range: [number, number]; step?: number };
  unit?: string;
  /** Where a click puts it back to. */
  start?: number;
  /** Among other rows: any number may be typed, not only those that the slider goes through. */
  small?: boolean;
  /** The pointer or the focus comes to it. */
  onEnter?: () => void;
  slide: Slide;
}

/** A number of the document with a slider and a field; the document follows at the pace of the runs. */
export function NumberSlider({ label, name, what, read, scale, unit, start, small, onEnter, slide }: Props) {
  const id = useId();
  const { store } = useContextual();
  const inDocument = useExplorer(read);
  /** Where the person has put it, until the document has followed. */
  const [held, setHeld] = useState<number>();
  const dragging = useRef(false);
  useEffect(() => {
    if (inDocument === held && !dragging.current) setHeld(undefined);
  }, [inDocument, held]);
  const value = held ?? inDocument;
  if (value === undefined) return null;
  const move = (to: number) => {
    // The document may be there already, as at the end of a drag.
    setHeld(to === read(store.getState()) ? undefined : to);
    slide.move(what, to);
    if (!dragging.current) slide.release();
  };
  const drag = (to: number, ends: boolean) => {
    dragging.current = !ends;
    move(snapped(scale, to));
  };
  const behind = unit ? ` ${unit}` : '';
  return (
    <div className={`${styles.one} ${small ? styles.small : ''}`}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <Value id={id} value={value} onChange={(to) => move(small ? to : snapped(scale, to))} />
      <span className={styles.unit}>{unit}</span>
      <ActionIcon
        className={styles.reset}
        disabled={start === undefined || start === value}
        onClick={() => start !== undefined && move(start)}
        aria-label={`${name}: back to the start`}
        title={start === undefined ? undefined : `Back to ${start}${behind}`}
      >
        <IconRestore size={15} />
      </ActionIcon>
      <MantineSlider
        className={styles.slider}
        classNames={{ thumb: styles.thumb, track: styles.track }}
        size="sm"
        thumbSize={18}
        min={Math.min(scale.range[0], value)}
        max={Math.max(scale.range[1], value)}
        step={sliderStep(scale)}
        value={value}
        label={null}
        thumbLabel={name}
        thumbValueText={`${value}${behind}`}
        onPointerEnter={onEnter}
        onFocus={onEnter}
        onChange={(to) => drag(to, false)}
        onChangeEnd={(to) => drag(to, true)}
      />
    </div>
  );
}

/** The value to type: taken at Enter, or when the focus goes. */
function Value({ id, value, onChange }: { id: string; value: number; onChange: (value: number) => void }) {
  const [typed, setTyped] = useState<string>();
  const take = () => {
    const number = Number(typed?.trim().replace(',', '.') || Number.NaN);
    if (Number.isFinite(number) && number !== value) onChange(number);
    setTyped(undefined);
  };
  return (
    <TextInput
      id={id}
      className={styles.value}
      inputMode="decimal"
      value={typed ?? String(value)}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={take}
      onKeyDown={(event) => event.key === 'Enter' && take()}
    />
  );
}
