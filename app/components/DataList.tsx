import { Fragment, lazy, Suspense } from 'react';
import { formatBytes, formatCount } from '../numbers.ts';
import { withoutPlace } from '../sentence.ts';
import { useExplorer } from '../store/context.tsx';
import type { FileState } from '../store/state.ts';
import styles from './DataList.module.css';
import { FileNotes } from './FileNotes.tsx';
import { LoadBoundary } from './LoadBoundary.tsx';

const ShowHistograms = lazy(() => import('./ShowHistograms.tsx'));
const TreeChooser = lazy(() => import('./TreeChooser.tsx'));

/** The data sets of the document, their files and how these fare. */
export function DataList() {
  const datasets = useExplorer((s) => s.document?.datasets) ?? [];
  const files = useExplorer((s) => s.files);
  if (datasets.length === 0)
    return <p className={styles.note}>The document names no data yet: add a data set in the editor, or drop a file.</p>;
  return (
    <ul className={styles.list}>
      {datasets.map((dataset, i) => {
        const own = files[i] ?? [];
        const events = own.reduce((sum, f) => sum + (f.summary?.events ?? 0), 0);
        const all = own.length > 0 && own.every((f) => f.summary);
        const { note, record, doi, licence } = dataset.source ?? {};
        return (
          <li key={dataset.name}>
            <div className={styles.name}>
              <span className={styles.title}>{dataset.name}</span>
              {all && <span className={styles.events}>{formatCount(events)} events</span>}
            </div>
            {own.some(hasTrees) && (
              <LoadBoundary>
                <Suspense>
                  <TreeChooser dataset={dataset} files={own} />
                </Suspense>
              </LoadBoundary>
            )}
            <ul className={styles.files}>
              {own.slice(0, 50).map((file, j) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a document may name a file twice
                <Fragment key={j}>
                  {file.pattern && file.pattern !== own[j - 1]?.pattern && (
                    <li className={styles.file}>
                      <span className={styles.path} title={file.pattern}>
                        {file.pattern}
                      </span>
                      <span className={styles.state}>
                        {formatCount(own.filter((f) => f.pattern === file.pattern).length)} files match
                      </span>
                    </li>
                  )}
                  <FileLine file={file} />
                </Fragment>
              ))}
              {own.length > 50 && <li>and {formatCount(own.length - 50)} more files</li>}
            </ul>
            {(note || record || doi || licence) && (
              <details className={styles.source}>
                <summary>Source{licence ? ` · ${licence}` : ''}</summary>
                {note && <p>{note}</p>}
                {record && <p>{record}</p>}
                {doi && <p>doi:{doi}</p>}
              </details>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** Whether there is a choice. */
function hasTrees({ summary, error }: FileState): boolean {
  return (summary?.trees?.all.length ?? 0) > 1 || error?.place.trees !== undefined;
}

function FileLine({ file }: { file: FileState }) {
  const { summary, error } = file;
  return (
    <li className={styles.file}>
      <span className={styles.path} title={file.name}>
        {file.listing ? file.name : shortName(file.name)}
      </span>
      <span className={styles.state}>
        {summary ? `${FORMATS[summary.format]}, ${formatBytes(summary.file.size)}` : STATES[file.status]}
      </span>
      {error && <span className={styles.error}>{withoutPlace(error.message)}</span>}
      <FileNotes file={file} />
      {summary?.histograms !== undefined && (
        <LoadBoundary>
          <Suspense>
            <ShowHistograms file={file} />
          </Suspense>
        </LoadBoundary>
      )}
      {summary && summary.unsupported.length > 0 && (
        <details className={styles.skipped}>
          <summary>{formatCount(summary.unsupported.length)} columns can't be read</summary>
          {summary.unsupported.slice(0, 100).map((u) => (
            <p key={u.name}>
              <span className="mono">{u.name}</span>: {u.reason}
            </p>
          ))}
        </details>
      )}
    </li>
  );
}

const FORMATS = { parquet: 'Parquet', arrow: 'Arrow', csv: 'CSV', ttree: 'ROOT tree', rntuple: 'RNTuple' } as const;

const STATES = {
  asks: 'waits for consent',
  missing: 'not given yet',
  differs: 'differs',
  opening: 'opening…',
  open: '',
  failed: 'failed',
} as const;

function shortName(name: string): string {
  return name.split('/').pop() || name;
}
