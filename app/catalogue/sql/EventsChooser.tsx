import { Button, Checkbox, TextInput } from '@mantine/core';
import { useId, useState } from 'react';
import type { OpenCatalogue } from '../../../workers/catalogue/openCatalogue.ts';
import { eventsCost } from '../../../workers/sql/catalogueTables.ts';
import { formatBytes, formatCount } from '../../numbers.ts';
import styles from '../../sql/Sql.module.css';
import { type EventsPlace, FAMILIES, membersOf } from './eventsPlace.ts';

/** Names that the field suggests, at most. */
const MOST_SUGGESTED = 400;

/** Which event records the table `events` has: containers by name, and families of columns. */
export function EventsChooser({
  catalogue,
  place,
  asks,
  onPlace,
}: {
  catalogue: OpenCatalogue;
  place: EventsPlace;
  /** So much would be read that the person is asked before. */
  asks: (() => void) | undefined;
  onPlace(place: EventsPlace): void;
}) {
  const [typed, setTyped] = useState(place.names);
  const [before, setBefore] = useState(place.names);
  const id = useId();
  if (before !== place.names) {
    setBefore(place.names);
    setTyped(place.names);
  }
  const members = membersOf(catalogue, place.names);
  const { records, bytes } = eventsCost(catalogue, { members, families: place.families });
  return (
    <form
      className={styles.choose}
      aria-label="Event records"
      onSubmit={(event) => {
        event.preventDefault();
        onPlace({ ...place, names: typed.trim() });
      }}
    >
      <h2>
        Event records: the table <code>events</code>
      </h2>
      <TextInput
        label="Containers: names, or patterns with * and ?"
        placeholder="*.physics_Main.*.AOD.*"
        value={typed}
        list={id}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <datalist id={id}>
        {catalogue.tables.containers.slice(0, MOST_SUGGESTED).map(({ name }) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <div className={styles.families}>
        {FAMILIES.map(({ id: family, label }) => (
          <Checkbox
            key={family}
            label={label}
            checked={place.families.includes(family)}
            onChange={(event) =>
              onPlace({
                ...place,
                families: event.currentTarget.checked
                  ? [...place.families, family]
                  : place.families.filter((one) => one !== family),
              })
            }
          />
        ))}
      </div>
      <Button type="submit" variant="default">
        Use these records
      </Button>
      {place.names !== '' && (
        <p role="status">
          {members.length === 0
            ? 'No container has such a name.'
            : `${formatCount(members.length)} ${members.length === 1 ? 'container' : 'containers'}, ${formatCount(records)} records: up to ${formatBytes(bytes)} are read by the first question to events.`}
        </p>
      )}
      {asks && <Button onClick={asks}>Allow {formatBytes(bytes)}</Button>}
    </form>
  );
}
