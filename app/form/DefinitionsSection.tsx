import { Button } from '@mantine/core';
import { useExplorer } from '../store/context.tsx';
import { freshName, useForm } from './context.ts';
import { ExpressionField } from './ExpressionField.tsx';
import styles from './Form.module.css';
import { NameField } from './fields.tsx';
import { counted, EntryActions, Section } from './Section.tsx';

/** Names for expressions, in their order. */
export function DefinitionsSection() {
  const { document, change } = useForm();
  const words = useExplorer((s) => s.definitions);
  const { define } = document;
  const names = define.map(({ name }) => name);
  return (
    <Section title="Definitions" note={counted(define.length, 'name')}>
      {define.map(({ name, expression }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an entry that is renamed stays the same entry
        <div key={i} className={styles.entry}>
          <div className={styles.head}>
            <NameField
              label={`Name of the definition ${name}`}
              value={name}
              onName={(to) => change([{ kind: 'renameDefinition', name, to }])}
            />
            <span className={styles.note}>{words.get(name)}</span>
            <EntryActions
              name={name}
              at={i}
              of={define.length}
              onMove={(to) => change([{ kind: 'moveDefinition', name, to }])}
              onRemove={() => change([{ kind: 'removeDefinition', name }])}
            />
          </div>
          <ExpressionField
            label={`Expression of ${name}`}
            quiet
            keys={['define', name]}
            value={expression}
            onText={(text, step) => change([{ kind: 'setDefinition', name, expression: text }], step)}
          />
        </div>
      ))}
      <Button
        variant="default"
        onClick={() => change([{ kind: 'addDefinition', name: freshName('value', names, '_'), expression: '0' }])}
      >
        Add a definition
      </Button>
    </Section>
  );
}
