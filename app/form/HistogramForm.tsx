import { Button } from '@mantine/core';
import type { AxisSpec, HistogramSpec } from '../../core/analysis/document.ts';
import { LIMITS } from '../../core/analysis/formParts.ts';
import { AxisForm } from './AxisForm.tsx';
import { type SetHistogram, useForm } from './context.ts';
import { DrawingForm } from './DrawingForm.tsx';
import { ExpressionField } from './ExpressionField.tsx';
import styles from './Form.module.css';
import { Choice, TextField } from './fields.tsx';

/** What was opened is brought into view, once. */
const scrollIn = (element: HTMLElement | null) => element?.scrollIntoView({ block: 'nearest' });

/** Everything of one histogram but its name. */
export function HistogramForm({ spec }: { spec: HistogramSpec }) {
  const { change } = useForm();
  const { name } = spec;
  const set: SetHistogram = (part, step) => {
    const next = Object.fromEntries(Object.entries({ ...spec, ...part }).filter(([, value]) => value !== undefined));
    return change([{ kind: 'setHistogram', name, spec: next as unknown as HistogramSpec }], step);
  };
  const optional = (key: 'select' | 'weight' | 'per' | 'sample', label: string, placeholder: string) => (
    <ExpressionField
      label={label}
      keys={['histograms', name, key]}
      value={spec[key]}
      placeholder={placeholder}
      onText={(text, step) => set({ [key]: text || undefined }, step)}
    />
  );
  const { axes } = spec;
  const setAxis = (k: number, axis: AxisSpec, step?: string) => set({ axes: axes.with(k, axis) }, step);
  return (
    <div ref={scrollIn} className={styles.fields}>
      <TextField
        label="Title"
        placeholder={name}
        value={spec.title}
        onText={(text, step) => set({ title: text || undefined }, step)}
      />
      {axes.map((axis, k) => (
        <AxisForm
          // biome-ignore lint/suspicious/noArrayIndexKey: axes are known by their positions
          key={k}
          histogram={name}
          axis={axis}
          at={k}
          onAxis={(next, step) => setAxis(k, next, step)}
          onRemove={axes.length > 1 ? () => set({ axes: axes.toSpliced(k, 1) }) : undefined}
        />
      ))}
      {axes.length < LIMITS.axes && (
        <div>
          <Button
            variant="default"
            onClick={() => set({ axes: [...axes, { value: axes[0]?.value ?? '0', bins: 50, range: [0, 100] }] })}
          >
            Add an axis
          </Button>
        </div>
      )}
      <details className={styles.more}>
        <summary>Selection, weight, storage</summary>
        <div className={styles.fields}>
          {optional('select', 'Only where', 'a condition of this histogram alone')}
          {optional('weight', 'Weight', 'multiplies the weight of the event')}
          {optional('per', 'Filled per item of', 'found from the axes')}
          <Choice
            label="Each bin holds"
            value={spec.storage ?? 'found'}
            options={[
              ['found', 'a count, or weights where there are any'],
              ['count', 'a count'],
              ['weighted', 'the sum of weights, and of their squares'],
              ['mean', 'the mean of a sample'],
            ]}
            onChoose={(storage) =>
              set({
                storage: storage === 'found' ? undefined : storage,
                sample: storage === 'mean' ? (spec.sample ?? axes[0]?.value) : undefined,
              })
            }
          />
          {spec.storage === 'mean' && optional('sample', 'Sample', 'the value whose mean each bin holds')}
        </div>
      </details>
      <DrawingForm spec={spec} set={set} />
    </div>
  );
}
