import { Button } from '@mantine/core';
import type { FitSpec, HistogramSpec, ViewSpec } from '../../core/analysis/document.ts';
import { type SetHistogram, useForm } from './context.ts';
import styles from './Form.module.css';
import { Choice, NumberField, Switch, TextField } from './fields.tsx';
import { EntryActions } from './Section.tsx';

const FLAGS: ['log' | 'flow' | 'stack' | 'normalise', string][] = [
  ['log', 'Logarithmic y axis'],
  ['flow', 'Underflow and overflow'],
  ['stack', 'Stacked'],
  ['normalise', 'Scaled to an integral of 1'],
];

/** How a histogram is drawn at first, and what is fitted to it. */
export function DrawingForm({ spec, set }: { spec: HistogramSpec; set: SetHistogram }) {
  const { document } = useForm();
  const { view = {}, fits = [] } = spec;
  const others = document.histograms.map(({ name }) => name).filter((name) => name !== spec.name);
  const setView = (part: Partial<ViewSpec>, step?: string) => {
    const next = Object.fromEntries(Object.entries({ ...view, ...part }).filter(([, value]) => value !== undefined));
    return set({ view: Object.keys(next).length > 0 ? next : undefined }, step);
  };
  const setFits = (next: FitSpec[], step?: string) => set({ fits: next.length > 0 ? next : undefined }, step);
  return (
    <>
      <details className={styles.more}>
        <summary>How it is drawn at first</summary>
        <div className={styles.fields}>
          {FLAGS.map(([key, label]) => (
            <Switch
              key={key}
              label={label}
              on={view[key] ?? false}
              onSwitch={(on) => setView({ [key]: on ? true : undefined })}
            />
          ))}
          <Choice
            label="Panel below"
            value={view.ratio ?? 'off'}
            options={[
              ['off', 'none'],
              ['ratio', 'each curve divided by the first'],
              ['efficiency', 'each curve as a part of the first'],
            ]}
            onChoose={(ratio) => setView({ ratio: ratio === 'off' ? undefined : ratio })}
          />
          {others.length > 0 && (
            <fieldset className={styles.axis}>
              <legend>Drawn over it</legend>
              {others.map((name) => (
                <Switch
                  key={name}
                  label={name}
                  on={view.overlay?.includes(name) ?? false}
                  onSwitch={(on) => {
                    const overlay = (view.overlay ?? []).filter((one) => one !== name).concat(on ? [name] : []);
                    setView({ overlay: overlay.length > 0 ? overlay : undefined });
                  }}
                />
              ))}
            </fieldset>
          )}
          <div className={styles.grid}>
            <NumberField
              label="Bins drawn as one"
              optional
              placeholder="1"
              value={view.rebin}
              onNumber={(rebin, step) => setView({ rebin }, step)}
            />
            <RangeField
              label="Part of x shown"
              value={view.range}
              onRange={(range, step) => setView({ range }, step)}
            />
          </div>
        </div>
      </details>
      <details className={styles.more}>
        <summary>Fits{fits.length > 0 && ` (${fits.length})`}</summary>
        <div className={styles.fields}>
          {fits.map((fit, k) => {
            const setFit = (part: Partial<FitSpec>, step?: string) => {
              const next = Object.entries({ ...fit, ...part }).filter(([, value]) => value !== undefined);
              return setFits(fits.with(k, Object.fromEntries(next)), step);
            };
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: fits are known by their positions
              <div key={k} className={styles.grid}>
                <Choice
                  label="Peak"
                  value={fit.peak ?? 'none'}
                  options={[
                    ['none', 'none'],
                    ['gaussian', 'Gaussian'],
                    ['crystal-ball', 'Crystal Ball'],
                  ]}
                  onChoose={(peak) =>
                    setFit({
                      peak: peak === 'none' ? undefined : peak,
                      background: fit.background ?? (peak === 'none' ? 1 : undefined),
                    })
                  }
                />
                <NumberField
                  label="Background, degree"
                  optional
                  placeholder="none"
                  value={fit.background}
                  onNumber={(background, step) => setFit({ background }, step)}
                />
                <RangeField label="Range" value={fit.range} onRange={(range, step) => setFit({ range }, step)} />
                <EntryActions
                  name={`fit ${k + 1}`}
                  at={k}
                  of={fits.length}
                  onRemove={() => setFits(fits.toSpliced(k, 1))}
                />
              </div>
            );
          })}
          {spec.axes.length === 1 ? (
            <div>
              <Button variant="default" onClick={() => setFits([...fits, { peak: 'gaussian', background: 1 }])}>
                Add a fit
              </Button>
            </div>
          ) : (
            <p className={styles.hint}>A histogram of one axis can be fitted.</p>
          )}
        </div>
      </details>
    </>
  );
}

/** Two numbers; empty for all. */
function RangeField({
  label,
  value,
  onRange,
}: {
  label: string;
  value: [number, number] | undefined;
  onRange: (range: [number, number] | undefined, step: string) => string | undefined;
}) {
  return (
    <TextField
      label={label}
      placeholder="all"
      value={value?.join(' to ')}
      onText={(text, step) => {
        if (text.trim() === '') return onRange(undefined, step);
        const [low, high, more] = text.split(/\s*(?:to|,|…)\s*/).map(Number);
        const isRange = low !== undefined && high !== undefined && more === undefined && low < high;
        return isRange ? onRange([low, high], step) : 'Two numbers, the lower one first: 60 to 120';
      }}
    />
  );
}
