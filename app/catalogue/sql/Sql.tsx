import { useCallback, useEffect, useState } from 'react';
import { decodeText, encodeText } from '../../../core/analysis/textLink.ts';
import { eventsCost, provideEvents, provideTables } from '../../../workers/sql/catalogueTables.ts';
import type { SqlDatabase } from '../../../workers/sql/sqlDatabase.ts';
import { formatCount } from '../../numbers.ts';
import { AnalysisOffer } from '../../sql/AnalysisOffer.tsx';
import { CHARTS } from '../../sql/chartFigure.ts';
import type { ChartChoice } from '../../sql/ResultChart.tsx';
import { SqlConsole } from '../../sql/SqlConsole.tsx';
import { useDatabase } from '../../sql/useDatabase.ts';
import { ASK_ABOVE_BYTES } from '../../store/runner.ts';
import type { TaskProps } from '../context.ts';
import { useParameters } from '../link.ts';
import { EventsChooser } from './EventsChooser.tsx';
import { type EventsPlace, membersOf, parseFamilies, smallContainer } from './eventsPlace.ts';
import { EVENT_QUESTIONS, TABLE_QUESTIONS } from './examples.ts';

const FIRST = TABLE_QUESTIONS[0]!.text;
const ALL_FAMILIES = 'l1+hlt';

/** Questions in SQL to the tables of a catalogue, and to event records of it. */
export default function Sql({ catalogue }: TaskProps) {
  const [parameters, change] = useParameters();
  const [note, setNote] = useState<string>();
  const setUp = useCallback((database: SqlDatabase) => provideTables(database, catalogue), [catalogue]);
  const base = useDatabase(catalogue, setUp);
  const { names = '', families = ALL_FAMILIES } = { names: parameters.events, families: parameters.families };
  const place: EventsPlace = { names, families: parseFamilies(families) };
  const asks = useEvents(base, catalogue, place, setNote);
  const choosePlace = (next: EventsPlace) =>
    change({ events: next.names, families: next.families.join('+') || 'none' }, 'moved');
  const small = smallContainer(catalogue);
  return (
    <SqlConsole
      base={base}
      text={textOf(parameters.sql)}
      onText={(text, step) => change({ sql: text === FIRST ? undefined : encodeText(text) || undefined }, step)}
      examples={[
        ...TABLE_QUESTIONS,
        ...EVENT_QUESTIONS.map((question) => ({
          ...question,
          choose: () => names === '' && small !== undefined && choosePlace({ ...place, names: small }),
        })),
      ]}
      chart={parseChart(parameters.chart)}
      onChart={(chart) => change({ chart: chart && formatChart(chart) })}
      note={note}
    >
      <EventsChooser catalogue={catalogue} place={place} asks={asks} onPlace={choosePlace} />
      <AnalysisOffer base={base} />
    </SqlConsole>
  );
}

/** Makes `events` known as the link says; what would read much waits for the person. @returns what allows it, while it waits */
function useEvents(
  { loading, lookAgain }: ReturnType<typeof useDatabase>,
  catalogue: TaskProps['catalogue'],
  { names, families }: EventsPlace,
  setNote: (note: string | undefined) => void,
): (() => void) | undefined {
  const database = loading.state === 'ready' ? loading.database : undefined;
  const [allowed, setAllowed] = useState<string>();
  const key = `${names}\n${families.join()}`;
  const choice = { members: membersOf(catalogue, names), families };
  const waits = allowed !== key && eventsCost(catalogue, choice).bytes > ASK_ABOVE_BYTES;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the choice
  useEffect(() => {
    if (!database) return;
    const told = ({ records, total }: { records: number; total: number }) =>
      setNote(records < total ? `Reading event records: ${formatCount(records)} of ${formatCount(total)}` : undefined);
    const done =
      choice.members.length === 0 || waits
        ? database.remove('events')
        : provideEvents(database, catalogue, choice, told);
    done.then(lookAgain, () => {});
  }, [database, key, waits]);
  return waits ? () => setAllowed(key) : undefined;
}

function textOf(encoded: string | undefined): string {
  if (encoded === undefined) return FIRST;
  try {
    return decodeText(encoded);
  } catch {
    return FIRST;
  }
}

/** `bars,x,y,log`, the names of columns as `encodeURIComponent` writes them. */
function parseChart(text: string | undefined): ChartChoice | undefined {
  const [kind, x = '', y = '', log] = (text ?? '').split(',').map(decodeURIComponentOrNothing);
  const known = CHARTS.find((one) => one === kind);
  return known && { kind: known, ...(x && { x }), ...(y && { y }), ...(log === 'log' && { log: true }) };
}

function formatChart({ kind, x = '', y = '', log }: ChartChoice): string {
  return [kind, x, y, log ? 'log' : ''].map(encodeURIComponent).join(',').replace(/,+$/, '');
}

function decodeURIComponentOrNothing(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
