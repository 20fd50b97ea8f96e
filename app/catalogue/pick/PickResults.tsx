import { Button } from '@mantine/core';
import { type ReactNode, useMemo } from 'react';
import { printGuid, printOid } from '../../../core/catalogue/eventKey.ts';
import { hitAt, type Picked } from '../../../core/catalogue/picked.ts';
import { lookedOf, searchedWords } from '../../../core/catalogue/pickText.ts';
import type { OpenCatalogue } from '../../../workers/catalogue/openCatalogue.ts';
import { pickContext } from '../../../workers/catalogue/pick/names.ts';
import { formatCount } from '../../numbers.ts';
import { useParameters } from '../link.ts';
import { type TableColumn, VirtualTable } from '../parts/VirtualTable.tsx';
import type { PickFields } from './asked.ts';
import { HitDetails } from './HitDetails.tsx';
import styles from './Pick.module.css';
import { PickSaving } from './PickSaving.tsx';

const HIT_COLUMNS: readonly TableColumn[] = [
  { name: 'run', label: 'Run', width: 10, right: true },
  { name: 'event', label: 'Event', width: 22, right: true },
  { name: 'type', label: 'Data type', width: 17 },
  { name: 'stream', label: 'Stream', width: 18 },
  { name: 'version', label: 'Version', width: 18 },
  { name: 'lb', label: 'LB', width: 7, right: true },
  { name: 'guid', label: 'GUID', width: 40 },
  { name: 'oid1', label: 'OID1', width: 19 },
  { name: 'oid2', label: 'OID2', width: 19 },
  { name: 'duplicate', label: 'Records', width: 14 },
];

const MISSING_COLUMNS: readonly TableColumn[] = [
  { name: 'run', label: 'Run', width: 10, right: true },
  { name: 'event', label: 'Event', width: 22, right: true },
  { name: 'searched', label: 'Looked for', width: 60 },
];

/** What a pick found, in words. */
export function summary({ hitEvent, events, missing, duplicates }: Picked): string {
  const found = events.length - missing.length;
  if (found === 0) return `${formatCount(events.length)} ${events.length === 1 ? 'event' : 'events'}, not found`;
  const parts = [
    `${formatCount(hitEvent.length)} ${hitEvent.length === 1 ? 'record' : 'records'} of ${formatCount(found)} ${found === 1 ? 'event' : 'events'}`,
    missing.length > 0 && `${formatCount(missing.length)} not found`,
    duplicates > 0 && `${formatCount(duplicates)} with several records in one data type`,
  ];
  return parts.filter(Boolean).join('; ');
}

/** The records that were found, one of them in full; events that were not, and those with several records. */
export function PickResults({
  catalogue,
  picked,
  fields,
}: {
  catalogue: OpenCatalogue;
  picked: Picked;
  fields: PickFields;
}) {
  const [{ show = '', hit }, change] = useParameters();
  const context = useMemo(() => pickContext(catalogue), [catalogue]);
  const count = picked.hitEvent.length;
  const rows = useMemo(() => {
    const all = Uint32Array.from({ length: count }, (_, index) => index);
    return show === 'duplicates' ? all.filter((index) => picked.isDuplicate[index] === 1) : all;
  }, [picked, count, show]);
  // The one record that there is needs no click.
  const open = hit === undefined ? (count === 1 ? 0 : -1) : Number(hit);
  const current = rows.indexOf(open);
  const others = picked.looked.reduce((sum, looked) => sum + looked.others, 0);
  const isAll = fields.type === 'any' && fields.version === 'any';
  const lookEverywhere = () =>
    change(
      { type: 'any', version: 'any', stream: undefined, step: undefined, hit: undefined, show: undefined },
      'moved',
    );
  const tab = (id: string, label: string, many: number) => (
    <button
      type="button"
      aria-pressed={show === id}
      disabled={many === 0 && show !== id}
      onClick={() => change({ show: id, hit: undefined })}
    >
      {label} {formatCount(many)}
    </button>
  );
  return (
    <div className={styles.results}>
      <div className={styles.bar}>
        <div role="group" aria-label="What is shown" className={styles.tabs}>
          {tab('', 'Records', count)}
          {tab('duplicates', 'Duplicates', picked.duplicates)}
          {tab('missing', 'Not found', picked.missing.length)}
        </div>
        <PickSaving catalogue={catalogue} picked={picked} show={show} />
      </div>
      {others > 0 && !isAll && (
        <p className={styles.note}>
          {formatCount(others)} other data {others === 1 ? 'type' : 'types'} and versions of{' '}
          {picked.looked.length === 1 ? 'the run were' : 'these runs were'} not looked into.{' '}
          <Button variant="subtle" size="compact-xs" onClick={lookEverywhere}>
            Look into all
          </Button>
        </p>
      )}
      {show === 'missing' ? (
        <VirtualTable
          label="Events that were not found"
          columns={MISSING_COLUMNS}
          count={picked.missing.length}
          cell={(row, column) => missingCell(picked, picked.missing[row]!, column)}
          current={-1}
        />
      ) : count === 0 ? (
        <Nothing picked={picked} />
      ) : (
        <div className={styles.found} data-open={current >= 0 || undefined}>
          <VirtualTable
            key={show}
            label="Records"
            columns={HIT_COLUMNS}
            count={rows.length}
            cell={(row, column) => hitCell(picked, rows[row]!, column, context)}
            current={current}
            onCurrent={(row) => change({ hit: String(rows[row]!) })}
          />
          {current >= 0 && open < count && (
            <HitDetails
              key={open}
              catalogue={catalogue}
              hit={hitAt(picked, open, context)}
              {...(count > 1 && { onClose: () => change({ hit: undefined }) })}
            />
          )}
        </div>
      )}
    </div>
  );
}

function Nothing({ picked }: { picked: Picked }) {
  return (
    <div className={styles.nothing}>
      <p>{picked.events.length === 1 ? 'The event was not found.' : 'None of the events was found.'}</p>
      <ul>
        {picked.looked.slice(0, 10).map((looked) => (
          <li key={looked.runNumber}>
            Run {looked.runNumber}: {searchedWords(looked)}
          </li>
        ))}
        {picked.looked.length > 10 && <li>and {formatCount(picked.looked.length - 10)} more runs</li>}
      </ul>
    </div>
  );
}

function missingCell(picked: Picked, index: number, column: string): ReactNode {
  if (column === 'run') return picked.runs[index];
  return column === 'event' ? String(picked.events[index]) : searchedWords(lookedOf(picked, index));
}

function hitCell(picked: Picked, index: number, column: string, context: ReturnType<typeof pickContext>): ReactNode {
  const hit = hitAt(picked, index, context);
  switch (column) {
    case 'run':
      return hit.runNumber;
    case 'event':
      return String(hit.event);
    case 'type':
      return hit.dataType;
    case 'stream':
      return context.family(hit.dspid).streamName;
    case 'version':
      return context.family(hit.dspid).amiTag;
    case 'lb':
      return hit.lb;
    case 'guid':
      return <span className="mono">{printGuid(hit.reference.guid)}</span>;
    case 'oid1':
      return <span className="mono">{printOid(hit.reference.oid1)}</span>;
    case 'oid2':
      return <span className="mono">{printOid(hit.reference.oid2)}</span>;
    default:
      return hit.isDuplicate ? <span className={styles.mark}>one of several</span> : '1';
  }
}
