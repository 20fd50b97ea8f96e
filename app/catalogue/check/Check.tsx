import { Button } from '@mantine/core';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { ContainerCheck } from '../../../core/catalogue/completeness.ts';
import { keyOf } from '../../../core/catalogue/find.ts';
import { shortStreamNames } from '../../../core/catalogue/streamNames.ts';
import { checkContainers } from '../../../workers/catalogue/check/checkContainers.ts';
import { allContainers } from '../../../workers/catalogue/check/containers.ts';
import { Message } from '../../components/Message.tsx';
import { formatBytes, formatCount } from '../../numbers.ts';
import { saveText } from '../../save.ts';
import type { TaskProps } from '../context.ts';
import { DatasetPicker, useContainers } from '../DatasetPicker.tsx';
import { useParameters } from '../link.ts';
import { QuestionStatus } from '../QuestionStatus.tsx';
import { useQuestion } from '../useQuestion.ts';
import styles from './Check.module.css';
import { CheckDetails } from './CheckDetails.tsx';
import { containersTable } from './checkTables.ts';
import { csvOf, TableView } from './TableView.tsx';

/** Keys of no more bytes are counted at once. */
const READ_UNASKED = 30e6;

interface Answer {
  key: string;
  checks: ContainerCheck[];
}

/** Whether containers hold what is declared, and what is in them more than once. */
export default function Check({ catalogue }: TaskProps) {
  const { manifest, tables } = catalogue;
  const [chosen, setChosen] = useContainers();
  // Another picker, which is closed.
  const [taken, setTaken] = useState(0);
  const { ask, ...question } = useQuestion<Answer>();
  const key = chosen.map(keyOf).join(',');
  const { bytes, records } = useMemo(() => {
    const keys = new Set(key.split(','));
    const parts = manifest.parts.filter((part) => keys.has(keyOf(part)));
    const sum = (of: (part: (typeof parts)[number]) => number) => parts.reduce((total, part) => total + of(part), 0);
    return { bytes: sum((part) => part.keys.bytes), records: sum(({ rows }) => rows) };
  }, [manifest, key]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: containers of the same key are the same
  const find = useCallback(
    () =>
      ask(async (signal, onProgress) => {
        const checks = await checkContainers(catalogue, chosen, {
          signal,
          onProgress: ({ records, recordsTotal }) =>
            onProgress({ done: records, total: recordsTotal, note: 'Counting' }),
        });
        return { key, checks };
      }),
    [ask, catalogue, key],
  );
  const takeAll = () => {
    setChosen(tables.containers);
    setTaken(taken + 1);
  };
  const undeclared = useMemo(() => allContainers(catalogue).slice(tables.containers.length), [catalogue, tables]);
  const isFree = chosen.length > 0 && bytes <= READ_UNASKED;
  const { cancel } = question;
  useEffect(() => {
    if (isFree) find();
    else cancel();
  }, [find, cancel, isFree]);
  const answer = question.value?.key === key ? question.value : undefined;
  return (
    <div className={styles.page}>
      <DatasetPicker key={taken} label="Containers to check" chosen={chosen} onChange={setChosen} />
      {undeclared.length > 0 && (
        <Message
          kind="warning"
          title={`There are records of ${formatCount(undeclared.length)} data types that are in no container`}
          hint={`Nothing is declared of ${undeclared.map(({ name }) => name).join(', ')}: all of these records are rejected`}
        />
      )}
      {chosen.length === 0 && (
        <Message
          kind="note"
          title={tables.containers.length === 0 ? 'This catalogue has no containers' : 'No container is chosen'}
          hint="Their records are counted, and held against the events and files that are declared"
          actions={
            tables.containers.length > 0 && (
              <Button variant="default" size="compact-xs" onClick={takeAll}>
                Check all {formatCount(tables.containers.length)}
              </Button>
            )
          }
        />
      )}
      {chosen.length > 0 && (
        <QuestionStatus question={question} retry={find}>
          {answer ? verdict(answer.checks) : 'Not checked yet'}
        </QuestionStatus>
      )}
      {chosen.length > 0 && !answer && (question.state === 'idle' || question.state === 'done') && (
        <Message
          kind="note"
          title={`${formatCount(records)} records: ${formatBytes(bytes)} to read`}
          actions={
            <Button variant="default" size="compact-xs" onClick={find}>
              Check
            </Button>
          }
        />
      )}
      {answer && <Checked checks={answer.checks} />}
    </div>
  );
}

function verdict(checks: readonly ContainerCheck[]): string {
  const bad = checks.filter(({ isComplete }) => !isComplete).length;
  if (checks.length === 1) return bad === 0 ? 'As declared' : 'Not as declared';
  if (bad === 0) return `All ${formatCount(checks.length)} containers are as declared`;
  return `${formatCount(bad)} of ${formatCount(checks.length)} containers ${bad === 1 ? 'is' : 'are'} not as declared`;
}

/** One container in full; of several, a table that opens one. */
function Checked({ checks }: { checks: readonly ContainerCheck[] }) {
  const [{ open }, change] = useParameters();
  const names = useMemo(() => shortStreamNames(checks.map(({ name }) => name)), [checks]);
  const table = useMemo(() => containersTable(checks, names), [checks, names]);
  const current = checks.length === 1 ? 0 : checks.findIndex((check) => keyOf(check) === open);
  const check = checks[current];
  return (
    <>
      {checks.length > 1 && (
        <section className={styles.containers} data-open={check ? true : undefined} aria-label="Containers">
          <div className={styles.tools}>
            <h2>{formatCount(checks.length)} containers</h2>
            <Button variant="default" size="compact-xs" onClick={() => saveText('check.csv', csvOf(table), 'text/csv')}>
              Save CSV
            </Button>
          </div>
          <TableView
            table={table}
            current={current}
            onCurrent={(row) =>
              change({ open: keyOf(checks[row]!), tid: undefined, file: undefined, event: undefined }, 'moved')
            }
          />
        </section>
      )}
      {check && <CheckDetails key={keyOf(check)} check={check} />}
    </>
  );
}
