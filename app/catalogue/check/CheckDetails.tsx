import { useEffect, useMemo } from 'react';
import type { ContainerCheck } from '../../../core/catalogue/completeness.ts';
import type { FileRow } from '../../../core/catalogue/tables.ts';
import { formatCount } from '../../numbers.ts';
import { useCatalogue } from '../context.ts';
import { useParameters } from '../link.ts';
import { QuestionStatus } from '../QuestionStatus.tsx';
import { useQuestion } from '../useQuestion.ts';
import styles from './Check.module.css';
import { CheckLists } from './CheckLists.tsx';

/** What a check tells of one container: its figures, and lists behind them. */
export function CheckDetails({ check }: { check: ContainerCheck }) {
  const catalogue = useCatalogue();
  const [{ tid }] = useParameters();
  const { ask, ...question } = useQuestion<ReadonlyMap<number, FileRow>>();
  const { dspid, dstypeid } = check;
  useEffect(() => {
    ask(async (signal) => new Map((await catalogue.files(dspid, dstypeid, signal)).map((file) => [file.file, file])));
  }, [ask, catalogue, dspid, dstypeid]);
  const dataset = check.datasets.find((one) => String(one.tid) === tid);
  const told = dataset ?? (check.datasets.length === 1 ? check.datasets[0] : undefined);
  const figures = useMemo(() => figuresOf(check, dataset), [check, dataset]);
  return (
    <section className={styles.details} aria-label={check.name}>
      <h2 className={styles.name}>{dataset?.name ?? check.name}</h2>
      <dl className={styles.figures}>
        {figures.map(([label, value, isBad]) => (
          <div key={label} data-bad={isBad || undefined}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {told?.details && (
        <p className={styles.told}>
          <strong>{told.state}</strong>: {told.details}
        </p>
      )}
      {question.value ? (
        <CheckLists check={check} dataset={dataset} files={question.value} />
      ) : (
        <QuestionStatus question={question} />
      )}
    </section>
  );
}

type Figure = [label: string, value: string, isBad?: boolean];

function figuresOf(check: ContainerCheck, dataset: ContainerCheck['datasets'][number] | undefined): Figure[] {
  const { counts } = check;
  const of = dataset ?? {
    ...counts,
    events_rucio: check.events_rucio,
    files_rucio: check.files_rucio,
    files_missing: check.missing.length,
    files_differ: check.differing.length,
    rejected: check.rejectedRecords,
  };
  const outOf = (count: number, all: number) => `${formatCount(count)} of ${formatCount(all)} declared`;
  return [
    ['Records', outOf(of.events, of.events_rucio), of.events !== of.events_rucio],
    ['Distinct events', formatCount(of.events_uniq)],
    ['Events more than once', formatCount(of.events_dup)],
    ['Files', outOf(of.files, of.files_rucio), of.files !== of.files_rucio],
    ['Files with duplicates', formatCount(of.files_dup)],
    ['Files missing', formatCount(of.files_missing), of.files_missing > 0],
    ['Files that differ', formatCount(of.files_differ), of.files_differ > 0],
    ['Records rejected', formatCount(of.rejected), of.rejected > 0],
  ];
}
