import { useMemo } from 'react';
import type { Context } from '../../core/expr/context.ts';
import styles from './Form.module.css';
import { Choice } from './fields.tsx';
import { EVENT, owners, quantitiesOf } from './quantities.ts';

/** Two lists: a collection or group, and a quantity that it has. */
export function QuantityPicker({
  context,
  owner,
  quantity,
  onChoose,
}: {
  context: Context;
  /** Undefined where nothing is chosen, or an expression that is no field. */
  owner: string | undefined;
  quantity: string | undefined;
  onChoose: (owner: string, quantity: string | undefined) => void;
}) {
  const all = useMemo(() => owners(context), [context]);
  const fields = useMemo(() => (owner === undefined ? [] : quantitiesOf(context, owner)), [context, owner]);
  const isListed = owner !== undefined && (owner === EVENT || all.includes(owner));
  return (
    <>
      <Choice
        label="Collection"
        className={styles.pick}
        value={isListed ? `of ${owner}` : ''}
        options={[
          ['', 'choose …'],
          ...all.map((name) => [`of ${name}`, name] as const),
          [`of ${EVENT}`, 'the event itself'],
        ]}
        onChoose={(next) => next && onChoose(next.slice(3), undefined)}
      />
      <Choice
        label="Quantity"
        className={styles.pick}
        value={quantity !== undefined && fields.includes(quantity) ? quantity : ''}
        options={[['', 'choose …'], ...fields.map((name) => [name, name] as const)]}
        onChoose={(next) => next && isListed && onChoose(owner, next)}
      />
    </>
  );
}
