import type { SaveOptions } from '../../workers/savedFile.ts';
import { useExplorer } from '../store/context.tsx';
import styles from './SaveData.module.css';

interface Props {
  options: SaveOptions;
  onChange: (to: Partial<SaveOptions>) => void;
}

/** Collections of which items are left out. */
export function ThinChoice({ options: { thin = [] }, onChange }: Props) {
  const schema = useExplorer((s) => s.schema);
  const all = [...(schema?.collections.values() ?? [])].filter(({ fields }) => fields.length > 0);
  const free = all.filter(({ name }) => thin.every(({ collection }) => collection !== name));
  const set = (k: number, to: Partial<(typeof thin)[number]>) =>
    onChange({ thin: thin.map((one, at) => (at === k ? { ...one, ...to } : one)) });
  if (all.length === 0) return null;
  return (
    <fieldset>
      <legend>Items</legend>
      <div className={styles.more}>
        {thin.map(({ collection, mask }, k) => (
          <div key={collection} className={styles.thin}>
            <span>
              of <code>{collection}</code> where
            </span>
            <input
              type="text"
              aria-label={`Items of ${collection} that are kept`}
              value={mask}
              spellCheck={false}
              autoComplete="off"
              onChange={(event) => set(k, { mask: event.target.value })}
            />
            <button
              type="button"
              aria-label={`Keep all items of ${collection}`}
              onClick={() => onChange({ thin: thin.filter((_, at) => at !== k) })}
            >
              ×
            </button>
          </div>
        ))}
        {free.length > 0 && (
          <select
            aria-label="Leave out items of a collection"
            value=""
            onChange={(event) => {
              const found = free.find(({ name }) => name === event.target.value);
              if (found) onChange({ thin: [...thin, { collection: found.name, mask: exampleMask(found) }] });
            }}
          >
            <option value="">
              {thin.length === 0 ? 'all of every collection; leave out some of …' : 'leave out some of …'}
            </option>
            {free.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        )}
      </div>
    </fieldset>
  );
}

function exampleMask({ name, fields }: { name: string; fields: readonly { name: string }[] }): string {
  const field = fields.find((one) => one.name === 'pt') ?? fields[0]!;
  return field.name === 'pt' ? `${name}.pt > 10` : `${name}.${field.name} > 0`;
}
