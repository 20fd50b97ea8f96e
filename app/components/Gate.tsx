/** What stands between a document and its data: consent to hosts, local files to give, files that fail. */
import { Button } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { Dataset } from '../../core/analysis/document.ts';
import { formatBytes, formatCount } from '../numbers.ts';
import { useActions, useExplorer } from '../store/context.tsx';
import type { FileState } from '../store/state.ts';
import { AccessButton } from './AccessButton.tsx';
import { FileButton } from './FileButton.tsx';
import { type Failure, failuresOf } from './failures.ts';
import styles from './Gate.module.css';
import { Message } from './Message.tsx';

const Consent = lazy(() => import('./Consent.tsx'));
const ProxyOffer = lazy(() => import('../access/ProxyOffer.tsx'));
const HistogramFile = lazy(() => import('./HistogramFile.tsx'));
const TreeChooser = lazy(() => import('./TreeChooser.tsx'));

/** Messages about the files of the open document, one for each kind of trouble. `edits`: this page takes keys and tokens, and changes the document. */
export function Gate({ edits = false }: { edits?: boolean }) {
  const sets = useExplorer((s) => s.files);
  const datasets = useExplorer((s) => s.document?.datasets) ?? [];
  const files = sets.flat();
  const asks = files.filter((f) => f.status === 'asks');
  const wanted = files.filter((f) => f.status === 'missing' || f.status === 'differs');
  const asking = datasets.filter((_, i) => sets[i]?.some((f) => f.status === 'asks'));
  return (
    <>
      {asks.length > 0 && (
        <Suspense>
          <Consent files={asks} sizes={asking.map((d) => d.source?.bytes)} />
        </Suspense>
      )}
      {wanted.map((file) => (
        <Wanted key={file.key} file={file} />
      ))}
      {failuresOf(sets).map((failure) => (
        <Failed
          key={`${failure.at} ${failure.file.key}`}
          failure={failure}
          dataset={edits ? datasets[failure.at] : undefined}
        />
      ))}
    </>
  );
}

/** A local file that the document names. */
function Wanted({ file }: { file: FileState }) {
  const { giveFiles, acceptAnyway } = useActions();
  const entry = typeof file.entry === 'object' && 'local' in file.entry ? file.entry : undefined;
  const differs = file.status === 'differs';
  return (
    <Message
      kind={differs ? 'warning' : 'note'}
      title={
        differs
          ? `${file.name}: this is not quite the file that the analysis was made with`
          : `This analysis was made with a local file: ${file.name}`
      }
      hint={
        differs
          ? `The file that you gave differs: ${file.difference}. Results may differ too.`
          : 'Drop it anywhere on this page or pick it. It is read here and stays on this machine.'
      }
      actions={
        <>
          {differs && (
            <Button variant="default" onClick={() => acceptAnyway(file.key)}>
              Use it anyway
            </Button>
          )}
          <FileButton onFiles={giveFiles}>{differs ? 'Pick another file' : 'Pick the file'}</FileButton>
        </>
      }
    >
      {entry && (
        <p className={styles.identity}>
          {formatBytes(entry.size)} · SHA-256 <span className="mono">{entry.sha256.slice(0, 16)}…</span>
        </p>
      )}
    </Message>
  );
}

/** @param dataset that the file is of, where the page may change it */
function Failed({ failure: { file, more }, dataset }: { failure: Failure; dataset: Dataset | undefined }) {
  const { retry } = useActions();
  if (file.error?.place.histograms !== undefined)
    return (
      <Suspense>
        <HistogramFile file={file} />
      </Suspense>
    );
  return (
    <Message
      kind="error"
      title={
        file.error?.message.includes(file.name)
          ? file.error.message
          : `${file.name}: ${file.error?.message ?? 'it could not be opened'}`
      }
      hint={file.error?.hint}
      actions={
        file.error?.place.trees && dataset ? (
          <Suspense>
            <TreeChooser dataset={dataset} files={[file]} />
          </Suspense>
        ) : (
          <>
            {dataset && <AccessButton host={file.error?.place.access} />}
            {dataset && file.error?.place.cors && (
              <Suspense>
                <ProxyOffer host={file.error.place.cors} />
              </Suspense>
            )}
            <Button variant="default" onClick={retry}>
              Try again
            </Button>
          </>
        )
      }
    >
      {more > 0 && (
        <p>
          The same goes for {formatCount(more)} more {more === 1 ? 'file' : 'files'} of this data set.
        </p>
      )}
    </Message>
  );
}
