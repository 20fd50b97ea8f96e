import type { Dataset } from '../../core/analysis/document.ts';
import { useExplorer } from '../store/context.tsx';
import styles from './Present.module.css';

/** Where the data come from, as the document says: a line for each data set that says something. */
export function PresentSources() {
  const datasets = useExplorer((s) => s.document?.datasets) ?? [];
  if (datasets.length === 0) return null;
  return (
    <ul className={styles.sources} aria-label="Data">
      {datasets.map((dataset) => (
        <li key={dataset.name}>
          <Source dataset={dataset} />
        </li>
      ))}
    </ul>
  );
}

function Source({ dataset: { name, source } }: { dataset: Dataset }) {
  const links = [
    source?.record && { href: source.record, text: 'record' },
    source?.doi && { href: `https://doi.org/${source.doi}`, text: `doi:${source.doi}` },
  ].filter((link) => link !== undefined && link !== '');
  return (
    <>
      Data: {name}
      {links.map((link) => (
        <span key={link.href}>
          {' · '}
          {/^https?:\/\//.test(link.href) ? (
            <a href={link.href} target="_blank" rel="noopener noreferrer">
              {link.text}
            </a>
          ) : (
            link.href
          )}
        </span>
      ))}
      {source?.licence && ` · ${source.licence}`}
      {source?.note && <span className={styles.remark}> {source.note.trim()}</span>}
    </>
  );
}
