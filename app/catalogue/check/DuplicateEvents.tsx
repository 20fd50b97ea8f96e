import { Button } from '@mantine/core';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { ContainerCheck } from '../../../core/catalogue/completeness.ts';
import { type Duplicates, duplicatesByFile } from '../../../core/catalogue/duplicates.ts';
import { listToLink } from '../../../core/catalogue/listLink.ts';
import { MOST_PICKED } from '../../../core/catalogue/pickList.ts';
import { eventSet } from '../../../core/catalogue/stream.ts';
import type { FileRow } from '../../../core/catalogue/tables.ts';
import { listDuplicates, MOST_DUPLICATES } from '../../../workers/catalogue/check/listDuplicates.ts';
import { Message } from '../../components/Message.tsx';
import { formatCount } from '../../numbers.ts';
import { saveText } from '../../save.ts';
import { useCatalogue } from '../context.ts';
import { openTask, useParameters } from '../link.ts';
import { keepList } from '../lists.ts';
import { Cancelled } from '../parts/Cancelled.tsx';
import { QuestionStatus } from '../QuestionStatus.tsx';
import { TaskLink } from '../TaskLink.tsx';
import { useQuestion } from '../useQuestion.ts';
import styles from './Check.module.css';
import { eventsTable, filesOfEvent, guidOf } from './checkTables.ts';
import { csvOf, TableView } from './TableView.tsx';

interface Props {
  check: ContainerCheck;
  /** Only what occurs more than once within this dataset. */
  tid: number | undefined;
  files: ReadonlyMap<number, FileRow>;
  /** Only events that this file holds. */
  file?: number;
}

/** Events that occur more than once, how often and in which files. They can be kept, saved and picked. */
export function DuplicateEvents({ check, tid, files, file }: Props) {
  const catalogue = useCatalogue();
  const [{ event: open }, change] = useParameters();
  const { ask, ...question } = useQuestion<Duplicates>();
  const [failed, setFailed] = useState<string>();
  const { dspid, dstypeid } = check;
  const find = useCallback(() => {
    ask((signal, onProgress) =>
      listDuplicates(
        catalogue,
        { dspid, dstypeid },
        {
          scope: tid === undefined ? {} : { tid },
          signal,
          onProgress: ({ records, recordsTotal }) =>
            onProgress({ done: records, total: recordsTotal, note: 'Looking for duplicates' }),
        },
      ),
    );
  }, [ask, catalogue, dspid, dstypeid, tid]);
  useEffect(find, [find]);
  const duplicates = question.state === 'done' ? question.value : undefined;
  const table = useMemo(
    () => duplicates && eventsTable(duplicates, duplicatesByFile(duplicates), file),
    [duplicates, file],
  );
  if (question.state === 'idle') return <Cancelled onRetry={find} />;
  if (!duplicates || !table) return <QuestionStatus question={question} retry={find} />;
  const { runNumber } = catalogue.manifest.families.find((family) => family.dspid === dspid)!;
  const current = rowOf(table, duplicates, open);
  const events = () => {
    const own = BigUint64Array.from({ length: table.rows }, (_, row) => duplicates.eventno[table.eventOf(row)]!);
    return eventSet(runNumber, own);
  };
  const keep = () =>
    keepList(
      `duplicates of ${check.name}${file === undefined ? '' : `, file ${file}`}`,
      events(),
      'a check of the catalogue',
    );
  const attempt = (work: Promise<unknown>) =>
    void work.catch((error: unknown) => setFailed(error instanceof Error ? error.message : String(error)));
  return (
    <section className={styles.events} aria-label="Duplicate events">
      <div className={styles.tools}>
        <span>
          {file !== undefined && `File ${file}: `}
          {duplicates.eventno.length === MOST_DUPLICATES && 'the first '}
          {formatCount(table.rows)} {table.rows === 1 ? 'event' : 'events'}
        </span>
        {table.rows > 0 && (
          <>
            <Button variant="default" size="compact-xs" onClick={() => attempt(keep())}>
              Keep as a list
            </Button>
            {table.rows <= MOST_PICKED && (
              <Button
                variant="default"
                size="compact-xs"
                title="Keeps them as a list, and picks its events"
                onClick={() => attempt(keep().then((list) => openTask('pick', { list })))}
              >
                Pick them
              </Button>
            )}
            <Button
              variant="default"
              size="compact-xs"
              onClick={() => saveText('duplicates.csv', csvOf(table), 'text/csv')}
            >
              Save CSV
            </Button>
          </>
        )}
        {file !== undefined && (
          <Button variant="default" size="compact-xs" onClick={() => change({ file: undefined, event: undefined })}>
            Close
          </Button>
        )}
      </div>
      {failed !== undefined && <Message kind="error" title={failed} />}
      <TableView
        key={file}
        table={table}
        current={current}
        onCurrent={(row) => change({ event: String(duplicates.eventno[table.eventOf(row)]) })}
      />
      {current >= 0 && (
        <Occurrences
          runNumber={runNumber}
          event={duplicates.eventno[table.eventOf(current)]!}
          holders={filesOfEvent(duplicates, table.eventOf(current))}
          files={files}
        />
      )}
    </section>
  );
}

function rowOf(table: ReturnType<typeof eventsTable>, { eventno }: Duplicates, event: string | undefined): number {
  if (event === undefined) return -1;
  for (let row = 0; row < table.rows; row++) if (String(eventno[table.eventOf(row)]) === event) return row;
  return -1;
}

/** The files of one event, by their GUIDs. */
function Occurrences({
  runNumber,
  event,
  holders,
  files,
}: {
  runNumber: number;
  event: bigint;
  holders: readonly (readonly [file: number, times: number])[];
  files: ReadonlyMap<number, FileRow>;
}) {
  const link = listToLink(eventSet(runNumber, BigUint64Array.of(event)));
  return (
    <div className={styles.occurrences}>
      <p>
        Event {String(event)} of run {runNumber}
        {link !== undefined && (
          <>
            {' · '}
            <TaskLink task="pick" parameters={{ events: link, type: 'any', version: 'any' }}>
              Pick it
            </TaskLink>
          </>
        )}
      </p>
      <ul>
        {holders.map(([file, times]) => {
          const own = files.get(file);
          return (
            <li key={file}>
              file {file}: <span className="mono">{own ? guidOf(own) : 'not declared'}</span>, {times}{' '}
              {times === 1 ? 'record' : 'records'}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
