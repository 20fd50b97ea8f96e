import { ActionIcon } from '@mantine/core';
import { IconAdjustmentsHorizontal } from '@tabler/icons-react';
import { useEffect, useId, useMemo, useState } from 'react';
import { type CutConstant, cutConstants, type SliderScale } from '../../core/analysis/cutConstants.ts';
import type { Cut } from '../../core/analysis/document.ts';
import { snapped } from '../../core/analysis/slider.ts';
import { useContextual } from '../store/context.tsx';
import { type CutSlide, createCutSlide } from '../store/cutSlide.ts';
import { scaleOf } from '../store/quantities.ts';
import styles from './CutSliders.module.css';
import { SIGNS } from './cutWords.ts';
import { NumberSlider } from './NumberSlider.tsx';

/** A switch that unfolds a slider for each number that a cut compares with; nothing for a cut without one. */
export default function CutSliders({ cut }: { cut: Cut }) {
  const id = useId();
  const constants = useMemo(() => cutConstants([cut]), [cut]);
  const [open, setOpen] = useState(false);
  if (constants.length === 0) return null;
  return (
    <>
      <ActionIcon
        className={styles.switch}
        size={22}
        aria-label={`Sliders of ${cut.name}`}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        title="Move the numbers of this cut"
        onClick={() => setOpen(!open)}
      >
        <IconAdjustmentsHorizontal size={14} />
      </ActionIcon>
      {open && (
        <div id={id} className={styles.sliders}>
          <All constants={constants} />
        </div>
      )}
    </>
  );
}

function All({ constants }: { constants: readonly CutConstant[] }) {
  const explorer = useContextual();
  const slide = useMemo(() => createCutSlide(explorer), [explorer]);
  useEffect(() => slide.stop, [slide]);
  return constants.map((constant) => (
    <One key={`${constant.at} ${constant.compared}`} constant={constant} slide={slide} />
  ));
}

function One({ constant, slide }: { constant: CutConstant; slide: CutSlide }) {
  const { store } = useContextual();
  const { cut, at, compared, op } = constant;
  // As long as the slider is there it goes as far as at first: a number that moves must not move its scale.
  const [{ scale, start }] = useState(() => ({ scale: scaleOf(constant, store.getState())!, start: constant.value }));
  const name = `${compared} ${SIGNS[op]}`;
  return (
    <NumberSlider
      label={
        <span className={styles.name} title={name}>
          <span className={styles.compared}>{compared}</span> {SIGNS[op]}
        </span>
      }
      name={`${cut}: ${name}`}
      what={{ cut, at }}
      read={(s) => cutConstants((s.document?.select ?? []).filter((one) => one.name === cut))[at]?.value}
      scale={scale}
      start={start}
      small
      onEnter={() => slide.enter(constant, stopsOf(scale))}
      slide={slide}
    />
  );
}

function stopsOf({ range: [lo, hi], step }: SliderScale): number[] {
  return Array.from({ length: Math.round((hi - lo) / step) + 1 }, (_, k) =>
    snapped({ range: [lo, hi], step }, lo + k * step),
  );
}
