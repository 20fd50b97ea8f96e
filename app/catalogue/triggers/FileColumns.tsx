import { Button, FileButton } from '@mantine/core';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { chainCounts, chainOverlaps } from '../../../core/catalogue/triggerCounts.ts';
import { chainsCsv, chainsJson } from '../../../core/catalogue/triggerFiles.ts';
import type { OpenCatalogue } from '../../../workers/catalogue/openCatalogue.ts';
import { countFileTriggers, type FileTriggers } from '../../../workers/catalogue/triggers/fileTriggers.ts';
import type { FileAddress } from '../../../workers/io/byteSource.ts';
import { Message } from '../../components/Message.tsx';
import { formatCount } from '../../numbers.ts';
import { saveText } from '../../save.ts';
import { useExplorer } from '../../store/context.tsx';
import { openFiles } from '../../store/openFiles.ts';
import { useParameter } from '../link.ts';
import { QuestionStatus } from '../QuestionStatus.tsx';
import { useQuestion } from '../useQuestion.ts';
import { ChainMatrix } from './ChainMatrix.tsx';
import { ChainTable } from './ChainTable.tsx';
import { Field } from './Field.tsx';
import styles from './Triggers.module.css';

/** Chains that fired together in more columns than these are left to the command line. */
const MOST_SHOWN = 1000;

/** Columns of booleans of event files, as chains: of a file of this machine, or of the analysis that is open. */
export default function FileColumns({ catalogue }: { catalogue: OpenCatalogue }) {
  const files = useExplorer((s) => s.files);
  const analysis = useMemo(() => openFiles({ files })?.flat() ?? [], [files]);
  const [own, setOwn] = useState<FileAddress[]>([]);
  const [pattern, setPattern] = useParameter('columns', 'HLT_*');
  const [view, setView] = useParameter('view');
  const { ask, ...question } = useQuestion<FileTriggers>();
  const addresses = own.length > 0 ? own : analysis;
  // biome-ignore lint/correctness/useExhaustiveDependencies: files are asked about when there are any
  const count = useCallback(() => {
    if (addresses.length === 0) return;
    ask((signal, onProgress) =>
      countFileTriggers(
        catalogue.threads,
        addresses,
        pattern,
        { pairs: true },
        {
          signal,
          onProgress: (done, total) => onProgress({ done, total, unit: 'events', note: 'Counting' }),
        },
      ),
    );
  }, [ask, catalogue, own, analysis, pattern]);
  useEffect(count, [count]);
  const answer = question.state === 'failed' ? undefined : question.value;
  const rows = useMemo(() => (answer ? chainCounts(answer.counts, answer.menu) : []), [answer]);
  const overlaps = useMemo(() => answer && chainOverlaps(answer.counts, answer.menu), [answer]);
  return (
    <div className={styles.decode}>
      <div className={styles.tools}>
        <FileButton
          multiple
          onChange={(chosen) => setOwn(chosen.map((blob) => ({ kind: 'blob', name: blob.name, blob })))}
        >
          {(props) => (
            <Button variant="default" size="compact-xs" {...props}>
              Choose files…
            </Button>
          )}
        </FileButton>
        <span className={styles.faint}>
          {own.length > 0
            ? own.map((address) => (address.kind === 'blob' ? address.name : '')).join(', ')
            : analysis.length > 0
              ? `${formatCount(analysis.length)} ${analysis.length === 1 ? 'file' : 'files'} of the open analysis`
              : 'of this machine; or open an analysis first'}
        </span>
        <Field label="Columns" value={pattern} onChange={setPattern} width={22} />
        {answer && (
          <fieldset className={styles.ways} aria-label="Show">
            <button type="button" aria-pressed={view !== 'overlaps'} onClick={() => setView('', 'moved')}>
              Table
            </button>
            <button type="button" aria-pressed={view === 'overlaps'} onClick={() => setView('overlaps', 'moved')}>
              Overlaps
            </button>
          </fieldset>
        )}
        {answer && (
          <>
            <Button
              variant="default"
              size="compact-xs"
              onClick={() => saveText('trigger-columns.csv', chainsCsv(answer.counts, rows), 'text/csv')}
            >
              Save CSV
            </Button>
            <Button
              variant="default"
              size="compact-xs"
              onClick={() =>
                saveText('trigger-columns.json', chainsJson(answer.counts, rows, overlaps), 'application/json')
              }
            >
              Save JSON
            </Button>
          </>
        )}
      </div>
      {addresses.length === 0 && (
        <Message
          kind="note"
          title="Trigger decisions are columns of booleans in many event files: HLT_… in NanoAOD"
          hint="choose files of this machine; they do not leave it"
        />
      )}
      {addresses.length > 0 && (
        <QuestionStatus question={question} retry={count}>
          {answer && `${formatCount(answer.counts.events)} events, ${formatCount(rows.length)} columns`}
        </QuestionStatus>
      )}
      {answer?.lacking.map(({ file, columns }) => (
        <Message
          key={file}
          kind="warning"
          title={`${file} lacks ${formatCount(columns.length)} of the columns: they count as not fired there`}
        />
      ))}
      {answer &&
        (view !== 'overlaps' ? (
          <ChainTable counts={answer.counts} rows={rows} filter="" />
        ) : overlaps && overlaps.names.length <= MOST_SHOWN ? (
          <ChainMatrix overlaps={overlaps} isPartial={false} />
        ) : (
          <p className={styles.note}>More than {formatCount(MOST_SHOWN)} columns: name fewer of them</p>
        ))}
    </div>
  );
}
