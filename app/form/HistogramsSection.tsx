import { Button } from '@mantine/core';
import { useState } from 'react';
import type { HistogramSpec } from '../../core/analysis/document.ts';
import { flat } from '../plots/labels.ts';
import { useActions, useExplorer } from '../store/context.tsx';
import { freshName, useExpressionContext, useForm } from './context.ts';
import styles from './Form.module.css';
import { NameField } from './fields.tsx';
import { HistogramForm } from './HistogramForm.tsx';
import { QuantityPicker } from './QuantityPicker.tsx';
import { axisFor, EVENT, expressionOf } from './quantities.ts';
import { counted, EntryActions, Section } from './Section.tsx';

/** The histograms, and a new one of any quantity. */
export function HistogramsSection() {
  const { document, change } = useForm();
  const { histograms } = document;
  const [open, setOpen] = useState<string>();
  return (
    <Section title="Histograms" note={counted(histograms.length, 'histogram')} startsOpen>
      <AddHistogram onAdded={setOpen} />
      {histograms.map((spec, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an entry that is renamed stays the same entry
        <div key={i} className={styles.entry}>
          <div className={styles.head}>
            <button
              type="button"
              className={styles.unfold}
              aria-expanded={open === spec.name}
              aria-label={`Fields of ${spec.name}`}
              onClick={() => setOpen(open === spec.name ? undefined : spec.name)}
            >
              {open === spec.name ? '▾' : '▸'}
            </button>
            <NameField
              label={`Name of the histogram ${spec.name}`}
              className={styles.grow}
              value={spec.name}
              onName={(to) => {
                const refused = change([{ kind: 'renameHistogram', name: spec.name, to }]);
                if (!refused && open === spec.name) setOpen(to);
                return refused;
              }}
            />
            <EntryActions
              name={spec.name}
              at={i}
              of={histograms.length}
              onMove={(to) => change([{ kind: 'moveHistogram', name: spec.name, to }])}
              onRemove={() => change([{ kind: 'removeHistogram', name: spec.name }])}
            />
          </div>
          {open === spec.name ? <HistogramForm spec={spec} /> : <p className={styles.summary}>{summary(spec)}</p>}
        </div>
      ))}
    </Section>
  );
}

function summary(spec: HistogramSpec): string {
  return spec.axes.map(({ value, label }) => (label ? `${flat(label)} = ${value}` : value)).join('  ×  ');
}

/** Chooses what the new histogram is of; its bins follow from that, and can be changed. */
function AddHistogram({ onAdded }: { onAdded: (name: string) => void }) {
  const { document, change } = useForm();
  const { showPlot } = useActions();
  const files = useExplorer((s) => s.files);
  const known = useExpressionContext();
  const [owner, setOwner] = useState<string>();
  const [quantity, setQuantity] = useState<string>();
  const [refused, setRefused] = useState<string>();
  if (!known) return <p className={styles.hint}>What can be filled is listed here once the data are open.</p>;
  const add = () => {
    if (quantity === undefined) return;
    const axis = axisFor(known.context, files, owner ?? EVENT, quantity);
    const stem = expressionOf(owner ?? EVENT, quantity).replace(/\W+/g, '_');
    const name = freshName(
      stem,
      document.histograms.map((h) => h.name),
      '_',
    );
    const error = change([{ kind: 'addHistogram', spec: { name, axes: [axis] } }]);
    setRefused(error);
    if (error) return;
    onAdded(name);
    showPlot(name);
  };
  return (
    <div className={styles.add}>
      <QuantityPicker
        context={known.context}
        owner={owner}
        quantity={quantity}
        onChoose={(nextOwner, nextQuantity) => {
          setOwner(nextOwner);
          setQuantity(nextQuantity);
        }}
      />
      <Button variant="default" disabled={quantity === undefined} onClick={add}>
        Add a histogram
      </Button>
      {refused && <p className={styles.message}>{refused}</p>}
    </div>
  );
}
