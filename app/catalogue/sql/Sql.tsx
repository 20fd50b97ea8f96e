import { useCallback, useEffect, useState } from 'react';
import { encodeText } from '../../../core/analysis/textLink.ts';
import { eventsCost, provideEvents, provideTables } from '../../../workers/sql/catalogueTables.ts';
import type { SqlDatabase } from '../../../workers/sql/sqlDatabase.ts';
import { formatCount } from '../../numbers.ts';
import { AnalysisCost } from '../../sql/AnalysisCost.tsx';
import { ANALYSIS_QUESTIONS } from '../../sql/analysisTable.ts';
import { decodedText, formatChart, parseChart } from '../../sql/inLink.ts';
import { SqlConsole } from '../../sql/SqlConsole.tsx';
import { useAnalysisTable } from '../../sql/useAnalysisTable.ts';
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
  const analysis = useAnalysisTable(base, setNote);
  const small = smallContainer(catalogue);
  return (
    <SqlConsole
      base={base}
      text={decodedText(parameters.sql, FIRST)}
      onText={(text, step) => change({ sql: text === FIRST ? undefined : encodeText(text) || undefined }, step)}
      examples={[
        ...TABLE_QUESTIONS,
        ...EVENT_QUESTIONS.map((question) => ({
          ...question,
          choose: () => names === '' && small !== undefined && choosePlace({ ...place, names: small }),
        })),
        ...(analysis.isOpen ? ANALYSIS_QUESTIONS : []),
      ]}
      chart={parseChart(parameters.chart)}
      onChart={(chart) => change({ chart: chart && formatChart(chart) })}
      note={note}
    >
      <EventsChooser catalogue={catalogue} place={place} asks={asks} onPlace={choosePlace} />
      <AnalysisCost asks={analysis.asks} />
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
