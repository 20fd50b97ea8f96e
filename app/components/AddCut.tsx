import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useActions } from '../store/context.tsx';
import styles from './AddCut.module.css';

/** A line to type a new cut into; its name may be left out. */
export function AddCut({ taken }: { taken: readonly string[] }) {
  const { edit } = useActions();
  const [expression, setExpression] = useState('');
  const [error, setError] = useState<string>();
  const add = (event: FormEvent) => {
    event.preventDefault();
    const text = expression.trim();
    if (text === '') return;
    let name = text.length <= 40 ? text : `cut ${taken.length + 1}`;
    for (let i = taken.length + 1; taken.includes(name); i++) name = `cut ${i}`;
    const wrong = edit([{ kind: 'addCut', name, expression: text }]);
    setError(wrong?.message);
    if (!wrong) setExpression('');
  };
  return (
    <form className={styles.form} onSubmit={add}>
      <TextInput
        className={styles.input}
        aria-label="Expression of a new cut"
        placeholder="Add a cut, e.g. len(Muon) >= 2"
        value={expression}
        error={error}
        onChange={(event) => setExpression(event.currentTarget.value)}
        spellCheck={false}
        autoComplete="off"
      />
      <Button type="submit" variant="default" disabled={expression.trim() === ''}>
        Add
      </Button>
    </form>
  );
}
