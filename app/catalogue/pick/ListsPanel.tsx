import { ActionIcon, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { type ListFormat, printList } from '../../../core/catalogue/listText.ts';
import { MOST_PICKED } from '../../../core/catalogue/pickList.ts';
import { eventsOf } from '../../../core/catalogue/stream.ts';
import { formatCount } from '../../numbers.ts';
import { saveText } from '../../save.ts';
import { type KeptList, removeList, renameList, useKeptLists } from '../lists.ts';
import { LIST_FILES } from './listFiles.ts';
import styles from './Pick.module.css';

/** The lists of events that a person keeps in this browser. */
export function ListsPanel({ onPick }: { onPick(name: string): void }) {
  const { lists, loaded, trouble } = useKeptLists();
  return (
    <section className={styles.lists} aria-label="Kept lists">
      <h2>Kept lists</h2>
      {trouble !== undefined && (
        <p className={styles.warn} role="status">
          This browser does not keep lists ({trouble}): they are gone with the page. Save them as files.
        </p>
      )}
      {loaded && lists.length === 0 && (
        <p className={styles.note}>None yet. What was found can be kept as a list, for later picks and for overlaps.</p>
      )}
      {lists.length > 0 && (
        <ul>
          {lists.map((list) => (
            <Row key={list.name} list={list} onPick={onPick} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Row({ list, onPick }: { list: KeptList; onPick(name: string): void }) {
  const { name, events, from, kept } = list;
  const count = eventsOf(events);
  const save = (format: ListFormat) => {
    const { ending, type } = LIST_FILES[format];
    saveText(`${name.replace(/[^\w .-]+/g, '_')}.${ending}`, printList(format, events), type);
  };
  const rename = () => {
    const wanted = window.prompt('Name of the list', name);
    if (wanted !== null) void renameList(name, wanted);
  };
  return (
    <li>
      <button
        type="button"
        onClick={() => onPick(name)}
        disabled={count > MOST_PICKED}
        title={
          count > MOST_PICKED
            ? `A pick takes up to ${formatCount(MOST_PICKED)} events`
            : `Pick these events. ${from && `From ${from}, `}kept ${new Date(kept).toLocaleString()}`
        }
      >
        {name}
      </button>
      <span>{formatCount(count)}</span>
      <Menu>
        <Menu.Target>
          <ActionIcon aria-label={`What to do with ${name}`}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {(Object.keys(LIST_FILES) as ListFormat[]).map((format) => (
            <Menu.Item key={format} onClick={() => save(format)}>
              Save {LIST_FILES[format].name}
            </Menu.Item>
          ))}
          <Menu.Item onClick={rename}>Rename…</Menu.Item>
          <Menu.Item onClick={() => void removeList(name)}>Remove</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </li>
  );
}
