import { ActionIcon } from '@mantine/core';
import { IconCopy, IconX } from '@tabler/icons-react';
import { type ReactNode, useMemo } from 'react';
import { datasetsOf, keyOf, nameOfDataset } from '../../../core/catalogue/find.ts';
import type { ContainerRow, DatasetRow } from '../../../core/catalogue/tables.ts';
import { formatBytes, formatCount, formatPercent } from '../../numbers.ts';
import { useCatalogue } from '../context.ts';
import { TaskLink } from '../TaskLink.tsx';
import { formatTime } from './columns.ts';
import styles from './Discover.module.css';
import { Files } from './Files.tsx';

/** All that is known of a container, or of one of its datasets. */
export function Details({
  container,
  dataset,
  onDataset,
  onClose,
}: {
  container: ContainerRow;
  dataset: DatasetRow | undefined;
  onDataset(name: string): void;
  onClose(): void;
}) {
  const catalogue = useCatalogue();
  const datasets = datasetsOf(catalogue, container);
  const first = dataset ?? datasets[0];
  const name = dataset ? nameOfDataset(dataset) : container.name;
  return (
    <aside className={styles.details} aria-label="Details">
      <div className={styles.detailsHead}>
        <h2>{dataset ? 'Dataset' : 'Container'}</h2>
        <ActionIcon
          aria-label="Copy the name"
          title="Copy the name"
          onClick={() => void navigator.clipboard.writeText(name)}
        >
          <IconCopy size={15} />
        </ActionIcon>
        <ActionIcon aria-label="Close the details" title="Close" onClick={onClose}>
          <IconX size={15} />
        </ActionIcon>
      </div>
      <p className={styles.fullName}>{name}</p>
      {dataset && (
        <p>
          <button type="button" className={styles.link} onClick={() => onDataset(container.name)}>
            {container.datasets > 1
              ? `Its container, with ${formatCount(container.datasets)} datasets`
              : 'Its container'}
          </button>
        </p>
      )}
      {first && <Actions container={container} row={first} />}
      <Counts row={dataset ?? container} />
      {dataset ? <State row={dataset} /> : <Datasets rows={datasets} onDataset={onDataset} />}
      {first && <Parts row={first} />}
      <Files key={name} container={container} dataset={dataset} />
    </aside>
  );
}

/** Ways to the other tasks, with this container chosen. */
function Actions({ container, row }: { container: ContainerRow; row: DatasetRow }) {
  const { dspid, data_type, ami_tag, stream_name, prod_step } = row;
  const containers = keyOf(container);
  const links: [string, string, Record<string, string>][] = [
    ['pick', 'Pick by number', { type: data_type, version: ami_tag, stream: stream_name, step: prod_step }],
    ['pick', 'Pick by condition', { by: 'condition', containers }],
    ['check', 'Check it', { containers }],
    ['overlaps', 'Overlaps of its data types', { of: String(dspid) }],
    ['triggers', 'Triggers', { containers }],
  ];
  return (
    <p className={styles.actions}>
      {links
        .filter(([task]) => task !== 'triggers' || row.has_trigger)
        .map(([task, label, parameters]) => (
          <TaskLink key={label} task={task} parameters={parameters}>
            {label}
          </TaskLink>
        ))}
    </p>
  );
}

/** What was counted beside what is declared. */
function Counts({ row }: { row: DatasetRow | ContainerRow }) {
  const { events, events_rucio, events_uniq, events_dup, files, files_rucio, files_dup, bytes } = row;
  const counted = (count: number | undefined) => (count === undefined ? '–' : formatCount(count));
  const share = (of: number | undefined, all: number) =>
    of === undefined || all === 0 ? '–' : formatPercent(of / all);
  return (
    <section>
      <h3>Counts</h3>
      <table className={styles.counts}>
        <thead>
          <tr>
            <td />
            <th scope="col">Events</th>
            <th scope="col">Files</th>
          </tr>
        </thead>
        <tbody>
          <Counted label="Declared" cells={[formatCount(events_rucio), formatCount(files_rucio)]} />
          <Counted label="In the catalogue" cells={[counted(events), counted(files)]} />
          <Counted label="Complete" cells={[share(events, events_rucio), share(files, files_rucio)]} />
          <Counted label="Distinct" cells={[counted(events_uniq), '']} />
          <Counted label="With duplicates" cells={[counted(events_dup), counted(files_dup)]} />
        </tbody>
      </table>
      <p className={styles.faint}>
        {formatBytes(bytes)} of declared files.
        {events === undefined && ' What is in the catalogue was not counted yet, or not stored.'}
      </p>
    </section>
  );
}

function Counted({ label, cells }: { label: string; cells: readonly string[] }) {
  return (
    <tr>
      <th scope="row">{label}</th>
      {cells.map((cell, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: columns have their place
        <td key={at}>{cell}</td>
      ))}
    </tr>
  );
}

function State({ row }: { row: DatasetRow }) {
  const { state, state_details, state_time, inserted, source_path, is_open, has_raw, has_trigger, prov_seen } = row;
  const flags: [boolean, string][] = [
    [has_trigger, 'trigger decisions'],
    [has_raw, 'references to RAW'],
    [prov_seen, 'provenance'],
  ];
  return (
    <section>
      <h3>State</h3>
      <Facts
        facts={[
          [
            'State',
            <strong key="state" data-state={state} className={styles.state}>
              {state}
            </strong>,
          ],
          ['Details', state_details],
          ['Since', `${formatTime(state_time)} UTC`],
          ['Inserted', `${formatTime(inserted)} UTC`],
          ['Source', source_path],
          ['Files', is_open ? 'more may be added' : 'no more will be added'],
          ['Has', flags.flatMap(([has, what]) => (has ? what : [])).join(', ') || 'locations only'],
        ]}
      />
    </section>
  );
}

/** The datasets of a container, each of which leads to its own details. */
function Datasets({ rows, onDataset }: { rows: readonly DatasetRow[]; onDataset(name: string): void }) {
  return (
    <section>
      <h3>{rows.length === 1 ? 'Its dataset' : `${formatCount(rows.length)} datasets`}</h3>
      <ul className={styles.datasets}>
        {rows.map((row) => (
          <li key={row.tid}>
            <button type="button" className={styles.link} onClick={() => onDataset(nameOfDataset(row))}>
              {row.tid > 0 ? `_tid${nameOfDataset(row).split('_tid')[1]}` : 'without a task'}
            </button>
            <span data-state={row.state} className={styles.state}>
              {row.state}
            </span>
            <span className={styles.faint}>{formatTime(row.state_time)}</span>
            <span className={styles.number}>{formatCount(row.events_rucio)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The parts of its name, and what else it shares with other data types of its dataset. */
function Parts({ row }: { row: DatasetRow }) {
  const { manifest, tables } = useCatalogue();
  const parts = useMemo(
    () => manifest.parts.filter(({ dspid, dstypeid }) => dspid === row.dspid && dstypeid === row.dstypeid),
    [manifest, row],
  );
  const records = parts.reduce((sum, { rows }) => sum + rows, 0);
  const bytes = parts.reduce((sum, { keys, records, index }) => sum + keys.bytes + records.bytes + index.bytes, 0);
  const siblings = new Set(tables.datasets.filter(({ dspid }) => dspid === row.dspid).map((one) => one.data_type));
  const simulated = !row.project.startsWith('data');
  return (
    <section>
      <h3>Identity</h3>
      <Facts
        facts={[
          ['Project', row.project],
          [simulated ? 'Dataset number' : 'Run', String(row.run_number)],
          [simulated ? 'Physics' : 'Stream', row.stream_name],
          ['Step', row.prod_step],
          ['Data type', row.data_type],
          ['AMI tag', row.ami_tag.split('_').join(' → ')],
          ['Trigger menu', row.smk === undefined ? '' : `SMK ${row.smk}`],
          ['Numbers', `dspid ${row.dspid}, dstypeid ${row.dstypeid}`],
          ['Beside it', siblings.size > 1 ? `${siblings.size - 1} other data types of this dataset` : ''],
          [
            'Stored as',
            `${formatCount(parts.length)} ${parts.length === 1 ? 'part' : 'parts'}, ${formatCount(records)} records, ${formatBytes(bytes)}`,
          ],
        ]}
      />
    </section>
  );
}

function Facts({ facts }: { facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className={styles.facts}>
      {facts
        .filter(([, value]) => value !== '')
        .map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
