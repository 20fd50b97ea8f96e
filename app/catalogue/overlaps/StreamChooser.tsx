import { Checkbox } from '@mantine/core';
import { useMemo } from 'react';
import { derivationsOf, firstDataset } from '../../../core/catalogue/chooseStreams.ts';
import { parseDatasetName } from '../../../core/catalogue/datasetName.ts';
import { keyOf } from '../../../core/catalogue/find.ts';
import { eventsOf } from '../../../core/catalogue/stream.ts';
import type { ContainerRow } from '../../../core/catalogue/tables.ts';
import { formatCount } from '../../numbers.ts';
import { DatasetPicker } from '../DatasetPicker.tsx';
import { useParameters } from '../link.ts';
import type { KeptList } from '../lists.ts';
import { Choice } from '../parts/Choice.tsx';
import { type ChosenStreams, parametersOf, type StreamChoice } from './chosen.ts';
import styles from './Overlaps.module.css';

interface Props {
  choice: StreamChoice;
  chosen: ChosenStreams;
  containers: readonly ContainerRow[];
  lists: readonly KeptList[];
}

const ONE_BY_ONE = 'containers';

/** Which streams: the derivations of a dataset, or containers chosen one by one; and lists of events that were kept. */
export function StreamChooser({ choice, chosen, containers, lists }: Props) {
  const [, changeParameters] = useParameters();
  const change = (to: Partial<StreamChoice>) => changeParameters({ ...parametersOf(to), pair: undefined }, 'moved');
  const datasets = useMemo(() => datasetNames(containers), [containers]);
  const dataset = choice.dataset ?? firstDataset(containers);
  const hasRuns = new Set(chosen.containers.map(({ dspid }) => dspid)).size > 1;
  return (
    <div className={styles.chooser} role="group" aria-label="Streams">
      <Choice
        label="Streams"
        value={choice.containers ? ONE_BY_ONE : String(dataset)}
        options={[...datasets, [ONE_BY_ONE, 'chosen from all…']]}
        onChange={(value) =>
          change(
            value === ONE_BY_ONE
              ? { containers: chosen.containers.map(keyOf) }
              : { dataset: Number(value), containers: undefined },
          )
        }
      />
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
      {choice.containers && (
        <div className={styles.picker}>
          <DatasetPicker
            label="Containers"
            chosen={chosen.containers}
            onChange={(rows) => change({ containers: rows.map(keyOf) })}
          />
        </div>
      )}
      {chosen.lost.lists.length > 0 && (
        <p className={styles.bad} role="status">
          This browser keeps no list {chosen.lost.lists.join(', ')}
        </p>
      )}
      {chosen.lost.containers.length > 0 && (
        <p className={styles.bad} role="status">
          This version of the catalogue has no container {chosen.lost.containers.join(', ')}
        </p>
      )}
    </div>
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
