import { useMemo } from 'react';
import { countBy, findContainers, findDatasets } from '../../../core/catalogue/find.ts';
import type { Term } from '../../../core/catalogue/query.ts';
import { chosenOf } from '../../../core/catalogue/queryText.ts';
import type { ContainerRow, DatasetRow } from '../../../core/catalogue/tables.ts';
import { formatCount } from '../../numbers.ts';
import { useCatalogue } from '../context.ts';
import type { Show } from './columns.ts';
import styles from './Discover.module.css';

const FACETS = [
  ['project', 'Project'],
  ['stream_name', 'Stream'],
  ['prod_step', 'Step'],
  ['format', 'Format'],
  ['data_type', 'Data type'],
  ['state', 'State'],
] as const;
const SHOWN = 8;

/** Counts by project, stream and so on, of what all other terms find; ticks narrow the search. */
export function Facets({
  terms,
  found,
  show,
  onChoose,
}: {
  terms: readonly Term[];
  /** What they find. */
  found: readonly (DatasetRow | ContainerRow)[];
  show: Show;
  onChoose(field: string, values: readonly string[]): void;
}) {
  return (
    <div className={styles.facets}>
      {FACETS.map(([field, label]) => (
        <Facet key={field} field={field} label={label} terms={terms} found={found} show={show} onChoose={onChoose} />
      ))}
    </div>
  );
}

function Facet({
  field,
  label,
  terms,
  found,
  show,
  onChoose,
}: {
  field: string;
  label: string;
  terms: readonly Term[];
  found: readonly (DatasetRow | ContainerRow)[];
  show: Show;
  onChoose(field: string, values: readonly string[]): void;
}) {
  const catalogue = useCatalogue();
  const { term, values } = chosenOf(terms, field);
  const counts = useMemo(() => {
    if (!term) return countBy(catalogue, found, field);
    const others = terms.filter((one) => one !== term);
    const rows = show === 'datasets' ? findDatasets(catalogue, others) : findContainers(catalogue, others);
    return countBy(catalogue, rows, field);
  }, [catalogue, terms, term, found, show, field]);
  const isChosen = (value: string) => term?.matches(value === '' ? undefined : value) ?? false;
  // Those that are chosen stand first, however few they are.
  const ordered = [...counts.filter(({ value }) => isChosen(value)), ...counts.filter(({ value }) => !isChosen(value))];
  const isPlain = values.every((value) => !/[*?]/.test(value));
  const toggle = (value: string) => {
    const chosen = isPlain ? counts.filter((count) => isChosen(count.value)).map((count) => count.value) : [];
    onChoose(field, chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]);
  };
  const option = ({ value, rows }: { value: string; rows: number }) => (
    <label key={value}>
      <input type="checkbox" checked={isChosen(value)} onChange={() => toggle(value)} />
      <span title={value}>{value || 'none'}</span>
      <span className={styles.count}>{formatCount(rows)}</span>
    </label>
  );
  if (counts.length === 0) return null;
  return (
    <fieldset className={styles.facet}>
      <legend>{label}</legend>
      {ordered.slice(0, SHOWN).map(option)}
      {ordered.length > SHOWN && (
        <details>
          <summary>{formatCount(ordered.length - SHOWN)} more</summary>
          {ordered.slice(SHOWN).map(option)}
        </details>
      )}
    </fieldset>
  );
}
