import { Button } from '@mantine/core';
import { useMemo, useRef } from 'react';
import { shownColumns } from '../../workers/eventList.ts';
import type { EventAddress } from '../../workers/eventTable.ts';
import { Message } from '../components/Message.tsx';
import { formatBytes, formatCount, formatPercent } from '../numbers.ts';
import { useActions, useExplorer } from '../store/context.tsx';
import styles from './Events.module.css';
import { EventTableView } from './EventTableView.tsx';
import { EventTools } from './EventTools.tsx';
import { EventView } from './EventView.tsx';
import { FindEvent } from './FindEvent.tsx';
import { addressOf, rowOf, sortedRows } from './rows.ts';
import { type TableState, useEventTable } from './useEventTable.ts';

/** The events that pass all cuts, and one of them, or any other, looked at closely. */
export default function EventsPane() {
  const state = useEventTable();
  const { setPane } = useActions();
  const sort = useExplorer((s) => s.pane.sort);
  const event = useExplorer((s) => s.pane.event);
  const files = useExplorer((s) => s.files);
  const datasets = useExplorer((s) => s.document?.datasets);
  const { table, identity } = state;
  const columns = useMemo(
    () =>
      table &&
      shownColumns(
        table,
        identity,
        files.map((set, k) => ({ name: datasets?.[k]?.name ?? '', files: set.map((file) => file.name) })),
      ),
    [table, identity, files, datasets],
  );
  const order = useMemo(
    () =>
      table && sortedRows(table.rows, columns?.find(({ name }) => name === sort?.column)?.column, !!sort?.descending),
    [table, columns, sort],
  );
  const open = (row: number | undefined) => {
    if (table && row !== undefined) setPane({ show: 'events', event: addressOf(table, row) });
  };
  const last = useRef<EventAddress>(undefined);
  if (event) {
    last.current = event;
    const place = table && order ? order.indexOf(rowOf(table, event)) : -1;
    return (
      <div className={styles.pane}>
        <FindEvent />
        <EventView
          address={event}
          place={table && place >= 0 ? `${formatCount(place + 1)} of ${formatCount(table.rows)}` : undefined}
          previous={place > 0 ? () => open(order?.[place - 1]) : undefined}
          next={table && place >= 0 && place + 1 < table.rows ? () => open(order?.[place + 1]) : undefined}
        />
      </div>
    );
  }
  return (
    <div className={styles.pane}>
      <FindEvent />
      <EventTools state={state} columns={columns} order={order} />
      <Notices state={state} />
      {table && columns && order && table.rows > 0 && (
        <EventTableView
          columns={columns}
          order={order}
          start={last.current ? order.indexOf(rowOf(table, last.current)) : -1}
          dimmed={state.stale}
          onOpen={open}
        />
      )}
    </div>
  );
}

/** What there is to say where there is no table, or not all of it. */
function Notices({ state: { table, error, loading, progress, asks } }: { state: TableState }) {
  const phase = useExplorer((s) => s.phase);
  if (error) return <Message kind="error" title={error.message} hint={error.hint} />;
  if (asks)
    return (
      <Message
        kind="note"
        title={`The table of events fetches ${formatBytes(asks.bytes)}`}
        hint="Fewer values cost less."
        actions={<Button onClick={asks.collect}>Collect the events</Button>}
      />
    );
  if (loading && !table) {
    const share = progress ? ` ${formatPercent(progress.events / Math.max(1, progress.totalEvents))}` : '';
    return (
      <p className={styles.note} role="status">
        Collecting events…{share}
      </p>
    );
  }
  if (!table) {
    const waits = phase === 'running' || phase === 'planning' || phase === 'opening';
    return (
      <p className={styles.note}>
        {waits ? 'The events come when the run is done.' : 'Run the analysis to see its events.'}
      </p>
    );
  }
  if (table.passed === 0) return <NoneLeft />;
  if (!table.complete)
    return (
      <p className={styles.note}>
        The table holds the first {formatCount(table.rows)} of {formatCount(table.passed)} events.
      </p>
    );
  return null;
}

/** Which cut stops the last events. */
function NoneLeft() {
  const result = useExplorer((s) => s.result);
  const rows = result?.cutflow[0]?.rows.map(({ name }, k) => ({
    name,
    events: result.cutflow.reduce((sum, set) => sum + (set.rows[k]?.events ?? 0), 0),
  }));
  const at = rows?.findIndex(({ events }) => events === 0) ?? -1;
  const [cut, before] = [rows?.[at], rows?.[at - 1]];
  return (
    <Message
      kind="note"
      title="No event passes all cuts"
      hint={
        cut && before
          ? `The cut “${cut.name}” stops the last ${formatCount(before.events)}. Find one of them by its number to see why.`
          : 'The data have no events.'
      }
    />
  );
}
