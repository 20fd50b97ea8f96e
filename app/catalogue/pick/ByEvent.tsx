import { Button } from '@mantine/core';
import { useEffect, useMemo } from 'react';
import { exampleEvent } from '../../../core/catalogue/pickChoice.ts';
import type { Picked } from '../../../core/catalogue/picked.ts';
import type { OpenCatalogue } from '../../../workers/catalogue/openCatalogue.ts';
import { membersOf, pickEvents } from '../../../workers/catalogue/pick/pickEvents.ts';
import { Message } from '../../components/Message.tsx';
import { formatCount } from '../../numbers.ts';
import { useParameters } from '../link.ts';
import { useKeptLists } from '../lists.ts';
import { Cancelled } from '../parts/Cancelled.tsx';
import { QuestionStatus } from '../QuestionStatus.tsx';
import { answerShown, useQuestion } from '../useQuestion.ts';
import { askedOf, fieldsOf, optionsOf } from './asked.ts';
import { EventsForm } from './EventsForm.tsx';
import { ListsPanel } from './ListsPanel.tsx';
import styles from './Pick.module.css';
import { PickResults, summary } from './PickResults.tsx';

/** Picks events by their numbers: a form, and what was found. */
export function ByEvent({ catalogue }: { catalogue: OpenCatalogue }) {
  const [parameters, change] = useParameters();
  const { lists, loaded } = useKeptLists();
  const question = useQuestion<{ picked: Picked; of: string }>();
  const { events: eventsText, list } = parameters;
  const fields = fieldsOf(parameters);
  const { type, version, stream, step } = fields;
  // A list's events are found by its name: others may be kept meanwhile, which asks nothing anew.
  // biome-ignore lint/correctness/useExhaustiveDependencies: by name
  const asked = useMemo(
    () => askedOf(parameters, lists),
    [eventsText, list, list === undefined || lists.some(({ name }) => name === list)],
  );
  const { ask, cancel } = question;
  const options = useMemo(() => optionsOf({ type, version, stream, step }), [type, version, stream, step]);
  const key = JSON.stringify([eventsText, list, options]);
  const pick = useMemo(() => {
    const { events } = asked;
    if (!events) return undefined;
    return () =>
      ask(async (signal, onProgress) => {
        const picked = await pickEvents(catalogue, { events, ...options }, { signal, onProgress });
        // How many parts that were says nothing, once they are done.
        onProgress({ done: undefined });
        return { picked, of: key };
      });
  }, [asked, options, key, catalogue, ask]);
  useEffect(() => {
    if (pick) pick();
    else cancel();
  }, [pick, cancel]);
  const isAsked = asked.events !== undefined;
  const answer = answerShown(question, key);
  return (
    <div className={styles.columns}>
      <div className={styles.side}>
        <EventsForm catalogue={catalogue} asked={asked.events} fields={fields} running={question.state === 'running'} />
        <ListsPanel
          onPick={(name) => change({ list: name, events: undefined, hit: undefined, show: undefined }, 'moved')}
        />
      </div>
      <div className={styles.main}>
        {asked.lost !== undefined && loaded && (
          <Message
            kind="warning"
            title={`this browser keeps no list called ${asked.lost}`}
            hint="a link names long lists, and does not hold them: ask whoever sent it for the list as a file"
          />
        )}
        {asked.wrong !== undefined && asked.wrong > 0 && (
          <Message
            kind="warning"
            title={`the link names ${formatCount(asked.wrong)} ${asked.wrong === 1 ? 'event that' : 'events that'} can't be read`}
            hint="it may have been cut off on its way: ask whoever sent it for the whole link"
          />
        )}
        {isAsked && (
          <QuestionStatus question={question} retry={pick}>
            {answer && summary(answer.picked)}
          </QuestionStatus>
        )}
        {isAsked && question.state === 'idle' && <Cancelled onRetry={pick} />}
        {isAsked && answer && <PickResults catalogue={catalogue} picked={answer.picked} fields={fields} />}
        {!isAsked && asked.lost === undefined && (
          <Introduction catalogue={catalogue} onTry={(events) => change({ events }, 'moved')} />
        )}
      </div>
    </div>
  );
}

function Introduction({ catalogue, onTry }: { catalogue: OpenCatalogue; onTry(events: string): void }) {
  const runs = new Set(catalogue.manifest.families.map(({ runNumber }) => runNumber)).size;
  const example = exampleEvent(membersOf(catalogue).values());
  return (
    <div className={styles.note}>
      <p>
        Where events lie, what they came from and what triggered them: by run and event number, in{' '}
        {catalogue.manifest.families.length} datasets of {runs} {runs === 1 ? 'run' : 'runs'}. An event takes a few
        requests, however large the catalogue is.
      </p>
      {example && (
        <Button variant="default" onClick={() => onTry(`${example.runNumber}:${example.event}`)}>
          Try an event of this catalogue
        </Button>
      )}
    </div>
  );
}
