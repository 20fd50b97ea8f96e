import type { Dataset } from '../../core/analysis/document.ts';
import { useExplorer } from '../store/context.tsx';
import styles from './Present.module.css';

/** Where the data come from, as the document says; data sets that say the same share a line. */
export function PresentSources() {
  const datasets = useExplorer((s) => s.document?.datasets) ?? [];
  if (datasets.length === 0) return null;
  const bySource = new Map<string, Dataset[]>();
  for (const dataset of datasets) {
    const key = JSON.stringify(dataset.source);
    bySource.set(key, [...(bySource.get(key) ?? []), dataset]);
  }
  return (
    <ul className={styles.sources} aria-label="Data">
      {[...bySource].map(([key, alike]) => (
        <li key={key}>
          <Source names={alike.map((dataset) => dataset.name).join('; ')} source={alike[0]!.source} />
        </li>
      ))}
    </ul>
  );
}

function Source({ names, source }: { names: string; source: Dataset['source'] }) {
  const links = [
    source?.record && { href: source.record, text: 'record' },
    source?.doi && { href: `https://doi.org/${source.doi}`, text: `doi:${source.doi}` },
  ].filter((link) => link !== undefined && link !== '');
  return (
    <>
      Data: {names}
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
