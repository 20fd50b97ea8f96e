import { Button, Checkbox } from '@mantine/core';
import { freshName, useForm } from './context.ts';
import { ExpressionField } from './ExpressionField.tsx';
import styles from './Form.module.css';
import { NameField } from './fields.tsx';
import { counted, EntryActions, Section } from './Section.tsx';

/** The cuts in the order of the cutflow, and the weight of what passes. */
export function CutsSection() {
  const { document, change } = useForm();
  const { select, weight } = document;
  const names = select.map(({ name }) => name);
  return (
    <Section title="Cuts and weight" note={counted(select.length, 'cut')}>
      {select.map(({ name, expression, enabled }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an entry that is renamed stays the same entry
        <div key={i} className={styles.entry}>
          <div className={styles.head}>
            <Checkbox
              aria-label={`Apply ${name}`}
              checked={enabled}
              onChange={(event) => change([{ kind: 'setCutEnabled', name, enabled: event.currentTarget.checked }])}
            />
            <NameField
              label={`Name of the cut ${name}`}
              className={styles.grow}
              value={name}
              onName={(to) => change([{ kind: 'renameCut', name, to }])}
            />
            <EntryActions
              name={name}
              at={i}
              of={select.length}
              onMove={(to) => change([{ kind: 'moveCut', name, to }])}
              onRemove={() => change([{ kind: 'removeCut', name }])}
            />
          </div>
          <ExpressionField
            label={`Condition of ${name}`}
            quiet
            keys={['select', name]}
            value={expression}
            onText={(text, step) => change([{ kind: 'setCut', name, expression: text }], step)}
          />
        </div>
      ))}
      <Button
        variant="default"
        onClick={() => change([{ kind: 'addCut', name: freshName('cut', names), expression: 'True' }])}
      >
        Add a cut
      </Button>
      <ExpressionField
        label="Weight of an event"
        keys={['weight']}
        value={weight}
        placeholder="1"
        onText={(text, step) => change([{ kind: 'setText', key: 'weight', text: text || undefined }], step)}
      />
    </Section>
  );
}
