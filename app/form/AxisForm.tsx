import { Button } from '@mantine/core';
import type { AxisSpec } from '../../core/analysis/document.ts';
import { useExplorer } from '../store/context.tsx';
import { useExpressionContext } from './context.ts';
import { ExpressionField } from './ExpressionField.tsx';
import styles from './Form.module.css';
import { Choice, NumberField, TextField } from './fields.tsx';
import { QuantityPicker } from './QuantityPicker.tsx';
import { axisFor, chosen, quantitiesOf } from './quantities.ts';

type Kind = 'regular' | 'edges' | 'categories' | 'boolean';

/** One axis: what is filled, and its bins. */
export function AxisForm({
  histogram,
  axis,
  at,
  onAxis,
  onRemove,
}: {
  histogram: string;
  axis: AxisSpec;
  at: number;
  onAxis: (axis: AxisSpec, step?: string) => string | undefined;
  onRemove?: () => void;
}) {
  const known = useExpressionContext();
  const files = useExplorer((s) => s.files);
  const choice = chosen(axis.value);
  const set = (part: Partial<AxisSpec>, step?: string) => onAxis(defined({ ...axis, ...part }), step);
  return (
    <fieldset className={styles.axis}>
      <legend>
        Axis {at + 1}
        {onRemove && (
          <Button variant="subtle" size="compact-xs" onClick={onRemove} aria-label={`Remove axis ${at + 1}`}>
            Remove
          </Button>
        )}
      </legend>
      {known && (
        <div className={styles.grid}>
          <QuantityPicker
            context={known.context}
            owner={choice?.owner}
            quantity={choice?.quantity}
            onChoose={(owner, quantity) => {
              const first = quantity ?? firstQuantity(known.context, owner);
              if (first !== undefined) onAxis(axisFor(known.context, files, owner, first));
            }}
          />
        </div>
      )}
      <ExpressionField
        label="Value"
        keys={['histograms', histogram, 'axes', at, 'value']}
        value={axis.value}
        onText={(text, step) => set({ value: text }, step)}
      />
      <Choice
        label="Bins"
        value={kindOf(axis)}
        options={[
          ['regular', 'of one width'],
          ['edges', 'with edges of their own'],
          ['categories', 'one for each value'],
          ['boolean', 'false and true'],
        ]}
        onChoose={(kind) => onAxis(withKind(axis, kind))}
      />
      <Bins axis={axis} set={set} />
      <div className={styles.grid}>
        <TextField label="Label" value={axis.label} onText={(text, step) => set({ label: text || undefined }, step)} />
        <TextField label="Unit" value={axis.unit} onText={(text, step) => set({ unit: text || undefined }, step)} />
      </div>
    </fieldset>
  );
}

function Bins({ axis, set }: { axis: AxisSpec; set: (part: Partial<AxisSpec>, step?: string) => string | undefined }) {
  const { bins, range, scale, edges, categories } = axis;
  if (range) {
    const [low, high] = range;
    return (
      <div className={styles.grid}>
        <NumberField label="Number of bins" value={bins} onNumber={(to, step) => set({ bins: to }, step)} />
        <NumberField label="From" value={low} onNumber={(to, step) => set({ range: [to!, high] }, step)} />
        <NumberField label="To" value={high} onNumber={(to, step) => set({ range: [low, to!] }, step)} />
        <Choice
          label="Scale"
          value={scale ?? 'linear'}
          options={[
            ['linear', 'linear'],
            ['log', 'log'],
            ['sqrt', 'sqrt'],
          ]}
          onChoose={(to) => set({ scale: to === 'linear' ? undefined : to })}
        />
      </div>
    );
  }
  if (edges)
    return (
      <TextField
        label="Edges, ascending"
        placeholder="0, 10, 50, 200"
        value={edges.join(', ')}
        onText={(text, step) => {
          const numbers = words(text).map(Number);
          return numbers.every(Number.isFinite)
            ? set({ edges: numbers }, step)
            : 'Edges are numbers, with commas between them';
        }}
      />
    );
  if (categories)
    return (
      <TextField
        label="Values: whole numbers, or texts"
        placeholder="-1, 1"
        value={categories.join(', ')}
        onText={(text, step) => {
          const all = words(text);
          return set({ categories: all.every((word) => /^-?\d+$/.test(word)) ? all.map(Number) : all }, step);
        }}
      />
    );
  return null;
}

const words = (text: string): string[] => text.split(/\s*,\s*/).filter((word) => word.trim() !== '');

function firstQuantity(context: Parameters<typeof axisFor>[0], owner: string): string | undefined {
  const all = quantitiesOf(context, owner);
  return all.find((name) => name.toLowerCase() === 'pt') ?? all[0];
}

function kindOf(axis: AxisSpec): Kind {
  return axis.edges ? 'edges' : axis.categories ? 'categories' : axis.boolean ? 'boolean' : 'regular';
}

/** The same axis with bins of another kind, as near to those it has as may be. */
function withKind(axis: AxisSpec, kind: Kind): AxisSpec {
  const {
    value,
    label,
    unit,
    edges,
    range = edges ? [edges[0]!, edges.at(-1)!] : [0, 100],
    bins = edges ? edges.length - 1 : 50,
  } = axis;
  const words = defined({ value, label, unit });
  if (kind === 'regular') return { ...words, bins, range: range as [number, number] };
  if (kind === 'boolean') return { ...words, boolean: true };
  if (kind === 'categories') return { ...words, categories: [-1, 1] };
  const [low, high] = range as [number, number];
  return { ...words, edges: [low, low + (high - low) / 4, (low + high) / 2, high] };
}

/** Without the keys that have no value. */
const defined = <T extends object>(object: T): T =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
