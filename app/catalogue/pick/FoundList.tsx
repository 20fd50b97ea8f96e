import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import { type ListFormat, printList } from '../../../core/catalogue/listText.ts';
import { MOST_PICKED } from '../../../core/catalogue/pickList.ts';
import { type EventSet, eventAt, eventsOf } from '../../../core/catalogue/stream.ts';
import type { FoundEvents } from '../../../workers/catalogue/pick/findEvents.ts';
import { formatCount } from '../../numbers.ts';
import { saveText } from '../../save.ts';
import { keepList } from '../lists.ts';
import { VirtualTable } from '../parts/VirtualTable.tsx';
import { LIST_FILES } from './listFiles.ts';
import styles from './Pick.module.css';

const COLUMNS = [
  { name: 'run', label: 'Run', width: 12, right: true },
  { name: 'event', label: 'Event', width: 24 },
];

/** What was found, in words. */
export function foundWords({ events, passed, more, read, skipped, blind }: FoundEvents): string {
  const count = eventsOf(events);
  const parts = [
    `${formatCount(count)} ${count === 1 ? 'event' : 'events'}: ${formatCount(passed)} of ${formatCount(read + skipped)} records`,
    skipped > 0 && `${formatCount(skipped)} of them need not be read`,
    more > 0 && `${formatCount(more)} more are not listed`,
    blind.length > 0 && `${blind.join(', ')} has no trigger decisions, and is left out`,
  ];
  return parts.filter(Boolean).join('; ');
}

/** Events that were found by a condition: to keep, to save, to pick. */
export function FoundList({ found, from, onPick }: { found: FoundEvents; from: string; onPick(name: string): void }) {
  const [said, setSaid] = useState('');
  const { events } = found;
  const count = eventsOf(events);
  const keep = async () => keepList('Found events', events, from);
  const attempt = (work: () => Promise<string>) => () =>
    void work().then(setSaid, (error: Error) => setSaid(error.message));
  const save = (format: ListFormat) => {
    const { ending, type } = LIST_FILES[format];
    saveText(`events.${ending}`, printList(format, events), type);
  };
  if (count === 0)
    return (
      <div className={styles.nothing}>
        <p>No event fulfils the condition.</p>
      </div>
    );
  return (
    <div className={styles.results}>
      <div className={styles.bar}>
        <span className={styles.note} role="status">
          {said}
        </span>
        <div className={styles.saving}>
          <Button
            variant="default"
            disabled={count > MOST_PICKED}
            title={count > MOST_PICKED ? `A pick takes up to ${formatCount(MOST_PICKED)} events` : undefined}
            onClick={attempt(async () => {
              onPick(await keep());
              return '';
            })}
          >
            Pick these
          </Button>
          <Button variant="default" onClick={attempt(async () => `Kept as ${await keep()}`)}>
            Keep as list
          </Button>
          <Menu>
            <Menu.Target>
              <Button variant="default" rightSection={<IconChevronDown size={14} />}>
                Save
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {(Object.keys(LIST_FILES) as ListFormat[]).map((format) => (
                <Menu.Item key={format} onClick={() => save(format)}>
                  Save {LIST_FILES[format].name}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        </div>
      </div>
      <VirtualTable
        label="Events that were found"
        columns={COLUMNS}
        count={count}
        cell={(row, column) => cellOf(events, row, column)}
        current={-1}
      />
    </div>
  );
}

function cellOf(events: EventSet, row: number, column: string): string | number {
  const { runNumber, event } = eventAt(events, row);
  return column === 'run' ? runNumber : String(event);
}
