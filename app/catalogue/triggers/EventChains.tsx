import { useCallback, useEffect, useMemo } from 'react';
import type { TriggerMenu } from '../../../core/catalogue/menu.ts';
import { hitAt, type Picked, type PickHit } from '../../../core/catalogue/picked.ts';
import { firedChains, printTime } from '../../../core/catalogue/pickText.ts';
import { eventSet } from '../../../core/catalogue/stream.ts';
import { LumiscopeError } from '../../../core/errors.ts';
import type { OpenCatalogue } from '../../../workers/catalogue/openCatalogue.ts';
import { menusOf, pickContext } from '../../../workers/catalogue/pick/names.ts';
import { pickEvents } from '../../../workers/catalogue/pick/pickEvents.ts';
import { Message } from '../../components/Message.tsx';
import { Cancelled } from '../parts/Cancelled.tsx';
import { QuestionStatus } from '../QuestionStatus.tsx';
import { TaskLink } from '../TaskLink.tsx';
import { useQuestion } from '../useQuestion.ts';
import { FiredTable } from './FiredTable.tsx';
import styles from './Triggers.module.css';

const LAST_EVENT = 2n ** 64n - 1n;

/** The chains of an event of the catalogue, from the first of its records that has some. */
export function EventChains({ catalogue, run, event }: { catalogue: OpenCatalogue; run: string; event: string }) {
  const { ask, ...question } = useQuestion<{ picked: Picked; menus: Map<number, TriggerMenu> }>();
  const find = useCallback(() => {
    ask(async (signal, onProgress) => {
      if (!/^\d+$/.test(run) || !/^\d+$/.test(event))
        throw new LumiscopeError('document', `${run} ${event} is no run and event number`);
      const number = BigInt(event);
      if (number > LAST_EVENT) throw new LumiscopeError('document', `event numbers go up to ${LAST_EVENT}`);
      const events = eventSet(Number(run), BigUint64Array.of(number));
      const picked = await pickEvents(catalogue, { events }, { signal, onProgress });
      return { picked, menus: await menusOf(catalogue, picked, signal) };
    });
  }, [ask, catalogue, run, event]);
  useEffect(find, [find]);
  const shown = useMemo(() => {
    if (!question.value) return undefined;
    const { picked, menus } = question.value;
    const context = pickContext(catalogue, menus);
    const hits = Array.from(picked.hitEvent, (_, index) => hitAt(picked, index, context));
    const hit = hits.find(hasDecisions) ?? hits[0];
    return { hit, fired: hit ? firedChains(hit, context) : [] };
  }, [catalogue, question.value]);
  return (
    <>
      <QuestionStatus question={question} retry={find}>
        {shown?.hit ? about(shown.hit) : 'Not found'}
      </QuestionStatus>
      {question.state === 'idle' && <Cancelled onRetry={find} />}
      {question.state === 'done' && shown && !shown.hit && (
        <Message
          kind="note"
          title={`The catalogue has no event ${event} of run ${run}`}
          hint="it was looked for in the newest AOD and RAW of each stream"
        />
      )}
      {shown?.hit && (
        <p className={styles.note}>
          <TaskLink task="pick" parameters={{ events: `${run}:${event}` }}>
            All of its records
          </TaskLink>
        </p>
      )}
      {shown?.hit && <FiredTable fired={shown.fired} />}
    </>
  );
}

const hasDecisions = ({ bits }: PickHit) => Object.values(bits).some((list) => list.length > 0);

function about({ dataset, lb, time }: PickHit): string {
  return [
    dataset,
    ...(lb === undefined ? [] : [`luminosity block ${lb}`]),
    ...(time === undefined ? [] : [printTime(time)]),
  ].join(', ');
}
