import { Button } from '@mantine/core';
import { useCallback, useEffect, useMemo } from 'react';
import type { KnownCounts } from '../../../core/catalogue/overlapFiles.ts';
import { eventsOf, pairOf } from '../../../core/catalogue/overlapPairs.ts';
import { countOverlaps } from '../../../workers/catalogue/overlap/countOverlaps.ts';
import { recordsOf } from '../../../workers/catalogue/overlap/plan.ts';
import { storedCounts } from '../../../workers/catalogue/overlap/storedCounts.ts';
import { Message } from '../../components/Message.tsx';
import { formatBytes, formatCount } from '../../numbers.ts';
import type { TaskProps } from '../context.ts';
import { useParameter, useParameters } from '../link.ts';
import { useKeptLists } from '../lists.ts';
import { QuestionStatus } from '../QuestionStatus.tsx';
import { useQuestion } from '../useQuestion.ts';
import { bytesOfKeys, type ChosenStreams, choiceOf, chosenStreams } from './chosen.ts';
import { OverlapResult } from './OverlapResult.tsx';
import styles from './Overlaps.module.css';
import { SharedEvents } from './SharedEvents.tsx';
import { StreamChooser } from './StreamChooser.tsx';

/** Overlaps that read no more bytes than this are counted at once. */
const READ_UNASKED = 30e6;

/** What was counted, and how. */
interface Answer {
  counts: KnownCounts;
  key: string;
  origin: 'stored' | 'partial' | 'counted';
  /** Why pairs were not counted by the engine that was tried. */
  note?: string | undefined;
}

/** How many events streams share: which streams, the counts, and the events of a pair. */
export default function Overlaps({ catalogue }: TaskProps) {
  const { manifest, tables } = catalogue;
  const [parameters] = useParameters();
  const { lists, loaded } = useKeptLists();
  const { ask, ...question } = useQuestion<Answer | undefined>();
  const choice = choiceOf(parameters);
  const choiceKey = JSON.stringify(choice);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a choice is its text
  const chosen = useMemo(() => chosenStreams(choice, tables.containers, lists), [choiceKey, tables, lists]);
  const { streams } = chosen;
  const key = JSON.stringify(streams.map(({ name }) => name));
  const bytes = useMemo(() => bytesOfKeys(manifest, streams), [manifest, streams]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: streams of the same names are the same
  const find = useCallback(
    (isAsked: boolean) =>
      ask(async (signal, onProgress) => {
        const stored = isAsked ? undefined : await storedCounts(catalogue, streams, signal);
        if (stored) return { counts: stored, key, origin: 'stored' };
        if (!isAsked && bytes > READ_UNASKED) return undefined;
        const { by, ...counts } = await countOverlaps(catalogue, streams, {
          signal,
          onProgress: ({ records, recordsTotal, counts }) =>
            onProgress({ done: records, total: recordsTotal, note: 'Counting' }, { counts, key, origin: 'partial' }),
        });
        return { counts, key, origin: 'counted', note: by.note };
      }),
    [ask, catalogue, key, bytes],
  );
  const { cancel } = question;
  const isReady = (loaded || choice.lists.length === 0) && streams.length > 0;
  useEffect(() => {
    if (isReady) find(false);
    else cancel();
  }, [find, cancel, isReady]);

  const answer = question.value?.key === key ? question.value : undefined;
  const countButton = (words: string) => (
    <Button variant="default" size="compact-xs" onClick={() => find(true)}>
      {words}
    </Button>
  );
  return (
    <div className={styles.page}>
      <StreamChooser choice={choice} chosen={chosen} containers={tables.containers} lists={lists} />
      {streams.length === 0 && (
        <Message
          kind="note"
          title={tables.containers.length === 0 ? 'This catalogue has no datasets' : 'No stream is chosen'}
          hint={tables.containers.length === 0 ? undefined : 'Choose a dataset, or containers from the list'}
        />
      )}
      {isReady && (
        <QuestionStatus question={question} retry={() => find(true)}>
          {statusWords(answer)}
        </QuestionStatus>
      )}
      {answer?.origin === 'stored' && (
        <Message
          kind="note"
          title="These counts were stored with the catalogue when it was checked"
          actions={countButton(`Count anew (${formatBytes(bytes)})`)}
        />
      )}
      {isReady && !answer && (question.state === 'done' || question.state === 'idle') && (
        <Message
          kind="note"
          title={`${formatCount(recordsOf(manifest, streams))} records of ${formatCount(streams.length)} streams: ${formatBytes(bytes)} to read`}
          actions={countButton('Count overlaps')}
        />
      )}
      {answer?.origin === 'partial' && question.state !== 'running' && (
        <Message
          kind="warning"
          title="Not all is counted: these are the events so far"
          actions={countButton('Count all')}
        />
      )}
      {answer && (
        <Shown
          counts={answer.counts}
          chosen={chosen}
          isPartial={answer.origin === 'partial' && question.state === 'running'}
        />
      )}
    </div>
  );
}

function statusWords(answer: Answer | undefined): string {
  if (!answer) return 'Not counted yet';
  if (answer.origin === 'stored') return 'Counts that the catalogue stores';
  return answer.note ?? 'Counted';
}

/** The answer, with the events of a pair where one is open. */
function Shown({
  counts,
  chosen: { streams, labels, sizes },
  isPartial,
}: {
  counts: KnownCounts;
  chosen: ChosenStreams;
  isPartial: boolean;
}) {
  const [openPair, setOpenPair] = useParameter('pair');
  const opened = useMemo(() => {
    for (let i = 0; i < labels.length; i++) {
      for (let j = 0; j < labels.length; j++)
        if (i !== j && pairName(labels, i, j) === openPair) return [i, j] as const;
    }
    return undefined;
  }, [labels, openPair]);
  if (streams.length === 1)
    return (
      <p className={styles.note}>
        {labels[0]}: {formatCount(eventsOf(counts, 0))} events
        {counts.records && ` in ${formatCount(counts.records[0]!)} records`}. Choose more streams for overlaps.
      </p>
    );
  return (
    <OverlapResult
      counts={counts}
      labels={labels}
      sizes={sizes}
      isPartial={isPartial}
      onOpen={(i, j) => setOpenPair(pairName(labels, i, j), 'moved')}
      opened={
        opened && (
          <SharedEvents
            key={openPair}
            pair={pairOf(counts, ...opened)}
            streams={[streams[opened[0]]!, streams[opened[1]]!]}
            labels={[labels[opened[0]]!, labels[opened[1]]!]}
            onClose={() => setOpenPair('', 'moved')}
          />
        )
      }
    />
  );
}

function pairName(labels: readonly string[], i: number, j: number): string {
  return `${labels[i]}~${labels[j]}`;
}
