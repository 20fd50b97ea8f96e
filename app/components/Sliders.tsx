import { ActionIcon, Slider as MantineSlider, TextInput } from '@mantine/core';
import { IconRestore } from '@tabler/icons-react';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import type { Slider } from '../../core/analysis/document.ts';
import { sliderStep, sliderValue, snapped } from '../../core/analysis/slider.ts';
import { flat } from '../plots/labels.ts';
import { useContextual, useExplorer } from '../store/context.tsx';
import { createSlide, type Slide } from '../store/slide.ts';
import { Label } from './Label.tsx';
import styles from './Sliders.module.css';
import '@mantine/core/styles/Slider.css';

/** The sliders of the document: each moves a definition that is a number, and the plots follow. */
export default function Sliders() {
  const explorer = useContextual();
  const sliders = useExplorer((s) => s.document?.sliders) ?? [];
  const slide = useMemo(() => createSlide(explorer), [explorer]);
  useEffect(() => slide.stop, [slide]);
  return (
    <section className={styles.sliders} aria-label="Sliders">
      {sliders.map((slider) => (
        <One key={slider.name} slider={slider} slide={slide} />
      ))}
    </section>
  );
}

function One({ slider, slide }: { slider: Slider; slide: Slide }) {
  const id = useId();
  const { store } = useContextual();
  const inDocument = useExplorer((s) => sliderValue(slider, s.document?.define ?? []));
  const start = useExplorer((s) => s.sliderStarts[slider.name]);
  /** Where the person has put it, until the document has followed. */
  const [held, setHeld] = useState<number>();
  const dragging = useRef(false);
  useEffect(() => {
    if (inDocument === held && !dragging.current) setHeld(undefined);
  }, [inDocument, held]);
  const value = held ?? inDocument;
  if (value === undefined) return null;
  const label = slider.label ?? slider.name;
  const move = (to: number) => {
    // The document may be there already, as at the end of a drag.
    setHeld(to === sliderValue(slider, store.getState().document?.define ?? []) ? undefined : to);
    slide.move({ definition: slider.name }, to);
    if (!dragging.current) slide.release();
  };
  const unit = slider.unit ? ` ${slider.unit}` : '';
  return (
    <div className={styles.one}>
      <label className={styles.label} htmlFor={id}>
        <Label text={label} />
      </label>
      <Value id={id} value={value} onChange={(to) => move(snapped(slider, to))} />
      <span className={styles.unit}>{slider.unit}</span>
      <ActionIcon
        className={styles.reset}
        disabled={start === undefined || start === value}
        onClick={() => start !== undefined && move(start)}
        aria-label={`${flat(label)}: back to the start`}
        title={start === undefined ? undefined : `Back to ${start}${unit}`}
      >
        <IconRestore size={15} />
      </ActionIcon>
      <MantineSlider
        className={styles.slider}
        classNames={{ thumb: styles.thumb, track: styles.track }}
        size="sm"
        thumbSize={18}
        min={slider.range[0]}
        max={slider.range[1]}
        step={sliderStep(slider)}
        value={value}
        label={null}
        thumbLabel={flat(label)}
        thumbValueText={`${value}${unit}`}
        onChange={(to) => {
          dragging.current = true;
          move(snapped(slider, to));
        }}
        onChangeEnd={(to) => {
          dragging.current = false;
          move(snapped(slider, to));
        }}
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
