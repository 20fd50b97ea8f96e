import { useEffect, useMemo } from 'react';
import type { Slider } from '../../core/analysis/document.ts';
import type { Movable } from '../../core/analysis/movable.ts';
import { sliderValue } from '../../core/analysis/slider.ts';
import { withDefinition } from '../../core/analysis/withDefinition.ts';
import { flat } from '../plots/labels.ts';
import { useContextual, useExplorer } from '../store/context.tsx';
import { createSlide, type Slide } from '../store/slide.ts';
import { Label } from './Label.tsx';
import { NumberSlider } from './NumberSlider.tsx';
import styles from './Sliders.module.css';

/** Only definitions are moved here. */
const write = (text: string, what: Movable, value: number) =>
  'definition' in what ? withDefinition(text, what.definition, value) : text;

/** The sliders of the document: each moves a definition that is a number, and the plots follow. */
export default function Sliders() {
  const explorer = useContextual();
  const sliders = useExplorer((s) => s.document?.sliders) ?? [];
  const slide = useMemo(() => createSlide(explorer, write), [explorer]);
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
  const { name, unit, label = name } = slider;
  const start = useExplorer((s) => s.sliderStarts[name]);
  return (
    <NumberSlider
      label={<Label text={label} />}
      name={flat(label)}
      what={{ definition: name }}
      read={(s) => sliderValue(slider, s.document?.define ?? [])}
      scale={slider}
      unit={unit}
      start={start}
      slide={slide}
    />
  );
}
