import { Button } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useRef, useState } from 'react';
import { listToLink } from '../../../core/catalogue/listLink.ts';
import { type ListFormat, printList } from '../../../core/catalogue/listText.ts';
import type { OverlapPair } from '../../../core/catalogue/overlap.ts';
import { MOST_PICKED } from '../../../core/catalogue/pickList.ts';
import { type EventSet, eventAt, eventsOf, type Stream } from '../../../core/catalogue/stream.ts';
import { sharedEvents } from '../../../workers/catalogue/overlap/sharedEvents.ts';
import type { SharedKind } from '../../../workers/catalogue/overlap/sharedTask.ts';
import { Message } from '../../components/Message.tsx';
import { formatCount } from '../../numbers.ts';
import { saveText } from '../../save.ts';
import { useCatalogue } from '../context.ts';
import { openTask, useParameter } from '../link.ts';
import { keepList } from '../lists.ts';
import { Cancelled } from '../parts/Cancelled.tsx';
import { Choice } from '../parts/Choice.tsx';
import { QuestionStatus } from '../QuestionStatus.tsx';
import { TaskLink } from '../TaskLink.tsx';
import { useQuestion } from '../useQuestion.ts';

import styles from './Overlaps.module.css';

const ROW = 22;
/** Of a list that is only looked at; and of one that is kept. */
const LISTED = 10_000;
const MOST_LISTED = 2_000_000;

interface Props {
  pair: OverlapPair;
  streams: readonly [Stream, Stream];
  labels: readonly [string, string];
  onClose(): void;
}

/** The events of a pair: in both, or in one only. They can be kept as a list, saved and picked. */
export function SharedEvents({ pair, streams, labels, onClose }: Props) {
  const catalogue = useCatalogue();
  const [which, setWhich] = useParameter('events', 'both');
  const kind: SharedKind = which === 'only1' || which === 'only2' ? which : 'both';
  const [all, setAll] = useState(false);
  const question = useQuestion<EventSet>();
  const [failed, setFailed] = useState<string>();
  const [kept, setKept] = useState<string>();
  const heading = useRef<HTMLHeadingElement>(null);
  const { ask } = question;
  const counts = {
    both: pair.events_bothstreams,
    only1: pair.events_stream1_only,
    only2: pair.events_stream2_only,
  };
  const count = counts[kind];
  const limit = Math.min(count, all ? MOST_LISTED : LISTED);
  const [stream1, stream2] = streams;
  // biome-ignore lint/correctness/useExhaustiveDependencies: streams of one name are the same
  const find = useCallback(() => {
    ask((signal) => sharedEvents(catalogue, stream1, stream2, { kind, limit, signal }));
  }, [ask, catalogue, stream1.name, stream2.name, kind, limit]);
  useEffect(find, [find]);
  useEffect(() => heading.current?.focus(), []);
  const kinds = [
    ['both', `in both (${formatCount(counts.both)})`],
    ['only1', `only in ${labels[0]} (${formatCount(counts.only1)})`],
    ['only2', `only in ${labels[1]} (${formatCount(counts.only2)})`],
  ] as const;
  const events = question.state === 'done' ? question.value : undefined;
  const listed = events ? eventsOf(events) : 0;
  const title = kind === 'both' ? `${labels[0]} and ${labels[1]}` : `only ${labels[kind === 'only1' ? 0 : 1]}`;
  const attempt = (work: Promise<unknown>) =>
    void work.catch((error: unknown) => setFailed(error instanceof Error ? error.message : String(error)));
  const keep = () => keepList(title, events!, `overlaps of ${streams[0].name} and ${streams[1].name}`);
  const pick = async () => {
    const text = listToLink(events!);
    openTask('pick', text === undefined ? { list: await keep() } : { events: text });
  };
  const save = (format: ListFormat, ending: string, type: string) =>
    saveText(`${title.replace(/[^\w.-]+/g, '_')}.${ending}`, printList(format, events!), type);
  return (
    <section className={styles.shared} aria-label="Events of the pair">
      <div className={styles.tools}>
        <h2 ref={heading} tabIndex={-1}>
          {labels[0]} and {labels[1]}
        </h2>
        <span className={styles.end}>
          <Button variant="default" size="compact-xs" onClick={onClose}>
            Back to the pairs
          </Button>
        </span>
      </div>
      <Choice label="Events" value={kind} options={kinds} onChange={setWhich} />
      {question.state === 'idle' && <Cancelled onRetry={find} />}
      {question.state !== 'done' && <QuestionStatus question={question} retry={find} />}
      {events && listed === 0 && <p className={styles.note}>None.</p>}
      {events && listed > 0 && (
        <>
          <div className={styles.tools}>
            <span>
              {listed < count
                ? `The first ${formatCount(listed)} of ${formatCount(count)} events`
                : `${formatCount(listed)} ${listed === 1 ? 'event' : 'events'}`}
            </span>
            {listed < count && !all && (
              <Button variant="default" size="compact-xs" onClick={() => setAll(true)}>
                List {count > MOST_LISTED ? formatCount(MOST_LISTED) : 'all'}
              </Button>
            )}
            <Button variant="default" size="compact-xs" onClick={() => attempt(keep().then(setKept))}>
              Keep as a list
            </Button>
            {listed <= MOST_PICKED && (
              <Button
                variant="default"
                size="compact-xs"
                title="Where each of them lies, what it came from and what triggered it"
                onClick={() => attempt(pick())}
              >
                Pick them
              </Button>
            )}
            <Button variant="default" size="compact-xs" onClick={() => save('csv', 'csv', 'text/csv')}>
              Save CSV
            </Button>
            <Button variant="default" size="compact-xs" onClick={() => save('json', 'json', 'application/json')}>
              Save JSON
            </Button>
          </div>
          <EventRows key={`${title}-${listed}`} events={events} count={listed} />
        </>
      )}
      {kept !== undefined && (
        <p className={styles.note} role="status">
          Kept as {kept}
        </p>
      )}
      {failed !== undefined && <Message kind="error" title={failed} />}
    </section>
  );
}

function EventRows({ events, count }: { events: EventSet; count: number }) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 10,
  });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div ref={scroller} className={styles.events} tabIndex={0} role="region" aria-label="Run and event numbers">
      <ol style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const { runNumber, event } = eventAt(events, index);
          return (
            <li
              key={index}
              className="mono"
              aria-setsize={count}
              aria-posinset={index + 1}
              style={{ transform: `translateY(${start}px)` }}
            >
              <TaskLink task="pick" parameters={{ events: `${runNumber}:${event}` }} title="Pick this event">
                {runNumber} {String(event)}
              </TaskLink>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
