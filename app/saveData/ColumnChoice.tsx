import { useMemo, useState } from 'react';
import type { SaveOptions, SavePlan } from '../../workers/savedFile.ts';
import { formatCount } from '../numbers.ts';
import { useExplorer } from '../store/context.tsx';
import styles from './SaveData.module.css';

/** Matches that are listed. */
const MOST = 200;

interface Props {
  options: SaveOptions;
  plan: SavePlan | undefined;
  onChange: (to: Partial<SaveOptions>) => void;
}

/** Which columns: those of the analysis, further ones by search or pattern, or all. */
export function ColumnChoice({ options: { used = true, columns = [] }, plan, onChange }: Props) {
  const schema = useExplorer((s) => s.schema);
  const [search, setSearch] = useState('');
  const isAll = columns.length === 1 && columns[0] === '*';
  const names = useMemo(() => [...(schema?.columns.keys() ?? [])], [schema]);
  const found = useMemo(() => matching(names, search), [names, search]);
  const saved = useMemo(() => new Set(plan?.columns.map(({ name }) => name)), [plan]);
  const add = (pattern: string) => {
    onChange({ columns: [...new Set([...columns, pattern])] });
    setSearch('');
  };
  return (
    <fieldset>
      <legend>Columns</legend>
      <label>
        <input
          type="radio"
          name="columns"
          checked={used && !isAll}
          onChange={() => onChange({ used: true, columns: [] })}
        />{' '}
        that the analysis uses
      </label>
      <label>
        <input
          type="radio"
          name="columns"
          checked={!used && !isAll}
          onChange={() => onChange({ used: false, columns: [] })}
        />{' '}
        chosen ones
      </label>
      <label>
        <input type="radio" name="columns" checked={isAll} onChange={() => onChange({ used: true, columns: ['*'] })} />{' '}
        all
        {names.length > 0 && ` (${formatCount(names.length)})`}
      </label>
      {!isAll && (
        <div className={styles.more}>
          {columns.length > 0 && (
            <ul className={styles.chips} aria-label="Further columns">
              {columns.map((pattern) => (
                <li key={pattern}>
                  <code>{pattern}</code>
                  <button
                    type="button"
                    aria-label={`Leave out ${pattern}`}
                    onClick={() => onChange({ columns: columns.filter((one) => one !== pattern) })}
                  >
                    ×
                  </button>
                </li>
              ))}
            </ul>
          )}
          <input
            type="search"
            className={styles.search}
            aria-label="Search columns to add"
            placeholder={used ? 'Add more: Muon_*, HLT_Iso…' : 'Add columns: Muon_*, HLT_Iso…'}
            value={search}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => setSearch(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && found.length > 0) add(patternOf(search));
            }}
          />
          {search !== '' && (
            <ul className={styles.found} aria-label="Columns found">
              {found.length === 0 && <li className={styles.none}>no column is called so</li>}
              {found.length > 1 && (
                <li>
                  <button type="button" onClick={() => add(patternOf(search))}>
                    all {formatCount(found.length)}: <code>{patternOf(search)}</code>
                  </button>
                </li>
              )}
              {found.slice(0, MOST).map((name) => (
                <li key={name}>
                  <button type="button" disabled={saved.has(name)} onClick={() => add(name)}>
                    <code>{name}</code>
                  </button>
                </li>
              ))}
            </ul>
          )}
          {plan && search === '' && plan.columns.length > 0 && (
            <details>
              <summary>{formatCount(plan.columns.length)} columns are saved</summary>
              <p className={styles.names}>{plan.columns.map(({ name }) => name).join(', ')}</p>
            </details>
          )}
        </div>
      )}
    </fieldset>
  );
}

/** What a search stands for: `HLT_Iso` finds what begins with it or holds it. */
function patternOf(search: string): string {
  const text = search.trim();
  return /[*?]/.test(text) ? text : `*${text}*`;
}

function matching(names: readonly string[], search: string): string[] {
  const text = search.trim();
  if (text === '') return [];
  const escaped = patternOf(text).replace(/[.+^${}()|[\]\\]/g, '\\$&');
  const test = new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`);
  return names.filter((name) => test.test(name));
}
