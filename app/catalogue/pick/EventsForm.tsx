import { Button, Textarea, TextInput } from '@mantine/core';
import { type DragEvent, type FormEvent, useDeferredValue, useId, useMemo, useState } from 'react';
import { printList } from '../../../core/catalogue/listText.ts';
import { MOST_PICKED, type PickList, parsePickList } from '../../../core/catalogue/pickList.ts';
import type { EventSet } from '../../../core/catalogue/stream.ts';
import type { OpenCatalogue } from '../../../workers/catalogue/openCatalogue.ts';
import { membersOf, pickEventsCost } from '../../../workers/catalogue/pick/pickEvents.ts';
import { FileButton } from '../../components/FileButton.tsx';
import { formatBytes, formatCount } from '../../numbers.ts';
import { useParameters } from '../link.ts';
import { useKeptLists } from '../lists.ts';
import { FIELD_NAMES, optionsOf, type PickFields, parametersOf } from './asked.ts';
import styles from './Pick.module.css';

/** Wrong lines that are shown one by one. */
const FEW = 50;

const LABELS: Record<keyof PickFields, { label: string; placeholder: string }> = {
  type: { label: 'Data type', placeholder: 'AOD, else RAW' },
  version: { label: 'Version (AMI tag)', placeholder: 'newest' },
  stream: { label: 'Stream', placeholder: 'all' },
  step: { label: 'Production step', placeholder: 'all' },
};

/** Where a person says which events, and in which data. */
export function EventsForm({
  catalogue,
  asked,
  fields,
  running,
}: {
  catalogue: OpenCatalogue;
  asked: EventSet | undefined;
  fields: PickFields;
  running: boolean;
}) {
  const [, change] = useParameters();
  const { lists } = useKeptLists();
  const [text, setText] = useText(asked);
  const [own, setOwn] = useFields(fields);
  const [over, setOver] = useState(false);
  const [trouble, setTrouble] = useState<string>();
  const late = useDeferredValue(text);
  const list = useMemo(() => parsePickList(late), [late]);
  const choices = useMemo(() => choicesOf(catalogue, list.events), [catalogue, list]);
  const id = useId();
  const pick = async (event: FormEvent) => {
    event.preventDefault();
    const { events, count } = parsePickList(text);
    if (count === 0 || count > MOST_PICKED) return;
    try {
      const said = Object.fromEntries(FIELD_NAMES.map((name) => [name, own[name].trim()]));
      change({ ...(await parametersOf(events, lists)), ...said, hit: undefined, show: undefined }, 'moved');
    } catch (error) {
      setTrouble((error as Error).message);
    }
  };
  const take = async (files: readonly File[]) => {
    const texts = await Promise.all(files.map((file) => file.text()));
    setText(texts.join('\n'));
  };
  const drop = (event: DragEvent) => {
    setOver(false);
    if (event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    void take([...event.dataTransfer.files]);
  };
  return (
    <form className={styles.form} onSubmit={(event) => void pick(event)} aria-label="Pick events">
      <Textarea
        label="Events"
        size="xs"
        description="Run and event number, a line each; CSV with named columns; JSON"
        placeholder={'358031 1234567\n358031:1234568'}
        value={text}
        autosize={false}
        rows={6}
        spellCheck={false}
        data-over={over || undefined}
        classNames={{ input: styles.numbers!, description: styles.description! }}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit();
        }}
        onDragOver={(event) => {
          if (!event.dataTransfer.types.includes('Files')) return;
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      />
      <div className={styles.options}>
        {FIELD_NAMES.map((name) => (
          <div key={name}>
            <TextInput
              label={LABELS[name].label}
              placeholder={LABELS[name].placeholder}
              value={own[name]}
              list={`${id}-${name}`}
              spellCheck={false}
              autoComplete="off"
              onChange={(event) => setOwn({ ...own, [name]: event.currentTarget.value })}
            />
            <datalist id={`${id}-${name}`}>
              {choices[name].map((choice) => (
                <option key={choice} value={choice} />
              ))}
            </datalist>
          </div>
        ))}
      </div>
      <Said catalogue={catalogue} list={list} text={late} fields={own} />
      {trouble && (
        <p className={styles.bad} role="alert">
          {trouble}
        </p>
      )}
      <div className={styles.buttons}>
        <Button type="submit" disabled={list.count === 0 || list.count > MOST_PICKED} loading={running}>
          Pick
        </Button>
        <FileButton variant="default" onFiles={(files) => void take(files)}>
          File…
        </FileButton>
        {text !== '' && (
          <Button variant="subtle" onClick={() => setText('')}>
            Clear
          </Button>
        )}
      </div>
    </form>
  );
}

/** The text of the form: what a link asks for replaces what was typed before. */
function useText(asked: EventSet | undefined): [string, (text: string) => void] {
  const [state, setState] = useState<{ text: string; asked: EventSet | undefined }>({ text: '', asked: undefined });
  if (asked && asked !== state.asked) {
    const text = printList('text', asked);
    const isSame = parsePickList(state.text).count > 0 && printList('text', parsePickList(state.text).events) === text;
    setState({ text: isSame ? state.text : text, asked });
  }
  return [state.text, (text) => setState((now) => ({ ...now, text }))];
}

/** The fields of the form: a link that says others replaces them. */
function useFields(said: PickFields): [PickFields, (fields: PickFields) => void] {
  const [state, setState] = useState({ own: said, said });
  if (FIELD_NAMES.some((name) => said[name] !== state.said[name])) setState({ own: said, said });
  return [state.own, (own) => setState((now) => ({ ...now, own }))];
}

/** What the text says, what is wrong with it, and what the pick will cost. */
function Said({
  catalogue,
  list,
  text,
  fields,
}: {
  catalogue: OpenCatalogue;
  list: PickList;
  text: string;
  fields: PickFields;
}) {
  if (text.trim() === '') return null;
  const { count, repeated, wrong, events } = list;
  const runs = events.runs.length;
  const isTooMany = count > MOST_PICKED;
  const cost = count > 0 && !isTooMany ? pickEventsCost(catalogue, { events, ...optionsOf(fields) }) : undefined;
  return (
    <div className={styles.said} role="status">
      <p>
        {formatCount(count)} {count === 1 ? 'event' : 'events'}
        {runs > 1 && ` of ${formatCount(runs)} runs`}
        {repeated > 0 && `; ${formatCount(repeated)} named again`}
        {cost &&
          (cost.objects + cost.further === 0
            ? '; the catalogue has nothing that may hold them'
            : `; up to ${formatCount(cost.requests)} requests, about ${formatBytes(cost.bytes)}`)}
        {cost !== undefined && cost.further > 0 && ', more for what these do not hold'}
      </p>
      {isTooMany && <p className={styles.bad}>A pick takes up to {formatCount(MOST_PICKED)} events.</p>}
      {wrong.length > 0 && (
        <details className={styles.bad} open={count === 0 || undefined}>
          <summary>
            {formatCount(wrong.length)} {wrong.length === 1 ? 'line is' : 'lines are'} no event, and left out
          </summary>
          <ul>
            {wrong.slice(0, FEW).map(({ line, text: own, reason }) => (
              <li key={line}>
                line {line}: <code>{own}</code>: {reason}
              </li>
            ))}
            {wrong.length > FEW && <li>{formatCount(wrong.length - FEW)} more</li>}
          </ul>
        </details>
      )}
    </div>
  );
}

/** What can be said of the data: what there is for the runs that are named, or for all. */
function choicesOf(catalogue: OpenCatalogue, { runs }: EventSet): Record<keyof PickFields, string[]> {
  const members = membersOf(catalogue);
  const named = runs.flatMap(({ runNumber }) => members.get(runNumber) ?? []);
  const all = named.length > 0 ? named : [...members.values()].flat();
  const sorted = (names: readonly string[]) => [...new Set(names)].sort();
  return {
    type: ['any', ...sorted(all.map(({ dataType }) => dataType))],
    version: ['any', ...sorted(all.map(({ family }) => family.amiTag))],
    stream: sorted(all.map(({ family }) => family.streamName)),
    step: sorted(all.map(({ family }) => family.prodStep)),
  };
}
