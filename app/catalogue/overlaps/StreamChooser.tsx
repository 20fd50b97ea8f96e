import { Checkbox } from '@mantine/core';
import { useMemo, useState } from 'react';
import { derivationsOf, firstDataset } from '../../../core/catalogue/chooseStreams.ts';
import { parseDatasetName } from '../../../core/catalogue/datasetName.ts';
import { eventsOf } from '../../../core/catalogue/stream.ts';
import type { ContainerRow } from '../../../core/catalogue/tables.ts';
import { formatCount } from '../../numbers.ts';
import { useParameters } from '../link.ts';
import type { KeptList } from '../lists.ts';
import { Choice } from './Choice.tsx';
import { type ChosenStreams, parametersOf, type StreamChoice } from './chosen.ts';
import styles from './Overlaps.module.css';

interface Props {
  choice: StreamChoice;
  chosen: ChosenStreams;
  containers: readonly ContainerRow[];
  lists: readonly KeptList[];
}

const BY_NAME = 'names';

/** Which streams: the derivations of a dataset, or containers by patterns of their names; and lists of events that were kept. */
export function StreamChooser({ choice, chosen, containers, lists }: Props) {
  const [, changeParameters] = useParameters();
  const [typed, setTyped] = useState(choice.pattern);
  const [isByName, setByName] = useState(choice.pattern !== '');
  const change = (to: Partial<StreamChoice>) => changeParameters({ ...parametersOf(to), pair: undefined }, 'moved');
  const datasets = useMemo(() => datasetNames(containers), [containers]);
  const dataset = choice.dataset ?? firstDataset(containers);
  const hasRuns =
    new Set(chosen.streams.flatMap((s) => ('members' in s ? s.members.map((m) => m.dspid) : []))).size > 1;
  return (
    <form
      className={styles.chooser}
      aria-label="Streams"
      onSubmit={(event) => {
        event.preventDefault();
        change({ pattern: typed });
      }}
    >
      <Choice
        label="Streams"
        value={isByName ? BY_NAME : String(dataset)}
        options={[...datasets, [BY_NAME, 'by their names…']]}
        onChange={(value) => {
          setByName(value === BY_NAME);
          if (value !== BY_NAME) change({ dataset: Number(value), pattern: '' });
        }}
      />
      {isByName && (
        <>
          <input
            className={styles.patterns}
            aria-label="Names of containers or data types, with * and ?"
            placeholder="DAOD_EGAM* DAOD_PHYS, or data18*.deriv.*"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
          <button type="submit" className={styles.submit}>
            Show
          </button>
        </>
      )}
      {(hasRuns || choice.runsTogether) && (
        <Checkbox
          label="Runs together"
          title="One stream for each data type, over all runs"
          checked={choice.runsTogether}
          onChange={(event) => change({ runsTogether: event.currentTarget.checked })}
        />
      )}
      {lists.length > 0 && (
        <details className={styles.lists}>
          <summary>
            Kept lists
            {choice.lists.length > 0 &&
              `: ${choice.lists.length} ${choice.lists.length === 1 ? 'is a stream' : 'are streams'}`}
          </summary>
          <div>
            {lists.map(({ name, events }) => (
              <Checkbox
                key={name}
                label={`${name} (${formatCount(eventsOf(events))} events)`}
                checked={choice.lists.includes(name)}
                onChange={(event) =>
                  change({
                    lists: event.currentTarget.checked
                      ? [...choice.lists, name]
                      : choice.lists.filter((other) => other !== name),
                  })
                }
              />
            ))}
          </div>
        </details>
      )}
      <span className={styles.faint}>
        {formatCount(chosen.streams.length)} {chosen.streams.length === 1 ? 'stream' : 'streams'}
      </span>
      {chosen.lost.length > 0 && (
        <p className={styles.bad} role="status">
          This browser keeps no list {chosen.lost.join(', ')}
        </p>
      )}
    </form>
  );
}

/** Datasets by their number, in the order of their names: project, run, stream, step, tags, and how many streams they give. */
function datasetNames(containers: readonly ContainerRow[]): [string, string][] {
  const names: [string, string][] = [];
  for (const dspid of new Set(containers.map((container) => container.dspid))) {
    const own = derivationsOf(containers, dspid);
    const { project, runNumber, streamName, prodStep, amiTag } = parseDatasetName(own[0]!.name);
    const count = `${own.length} ${own.length === 1 ? 'data type' : 'data types'}`;
    names.push([String(dspid), `${project} ${runNumber} ${streamName} ${prodStep} ${amiTag} (${count})`]);
  }
  return names.sort(([, a], [, b]) => (a < b ? -1 : Number(a > b)));
}
