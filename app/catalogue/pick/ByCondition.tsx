import { Button, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useCallback, useEffect, useMemo, useState } from 'react';
import { parseBlocks } from '../../../core/catalogue/eventCondition.ts';
import { keyOf } from '../../../core/catalogue/find.ts';
import type { ContainerRow } from '../../../core/catalogue/tables.ts';
import type { OpenCatalogue } from '../../../workers/catalogue/openCatalogue.ts';
import { type FoundEvents, findEvents } from '../../../workers/catalogue/pick/findEvents.ts';
import { cancelled } from '../../../workers/io/errors.ts';
import type { SqlDatabase } from '../../../workers/sql/sqlDatabase.ts';
import { DatasetPicker, useContainers } from '../DatasetPicker.tsx';
import { useParameters } from '../link.ts';
import { Cancelled } from '../parts/Cancelled.tsx';
import { QuestionStatus } from '../QuestionStatus.tsx';
import { answerShown, useQuestion } from '../useQuestion.ts';
import { FIELD_NAMES } from './asked.ts';
import { FoundList, foundWords } from './FoundList.tsx';
import { ListsPanel } from './ListsPanel.tsx';
import styles from './Pick.module.css';

/** Records that are listed; the others are counted. */
const LIMIT = 1_000_000;
const FIELDS = ['chain', 'lb', 'where'] as const;
type Fields = Record<(typeof FIELDS)[number], string>;

/** Finds events of datasets by chains that they fired, luminosity blocks, and a condition in SQL. */
export function ByCondition({ catalogue }: { catalogue: OpenCatalogue }) {
  const [parameters, change] = useParameters();
  const [chosen, choose] = useContainers('containers');
  const question = useQuestion<{ found: FoundEvents; of: string }>();
  const { chain = '', lb = '', where = '', find } = parameters;
  const said = { chain, lb, where };
  const { ask, cancel } = question;
  const hasTrigger = useMemo(() => {
    const keys = new Set(catalogue.tables.datasets.filter((row) => row.has_trigger).map(keyOf));
    return (container: ContainerRow) => keys.has(keyOf(container));
  }, [catalogue]);
  const keys = chosen.map(({ name }) => name).join(' ');
  const key = JSON.stringify([keys, chain, lb, where]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same containers may come as another list
  const run = useCallback(
    () =>
      ask(async (signal, onProgress) => {
        const blocks = parseBlocks(lb);
        const condition = {
          chains: chainsOf(chain),
          ...(blocks && { blocks }),
          ...(where.trim() !== '' && { where }),
        };
        const openSql = () => openDuckDb(signal);
        const found = await findEvents(
          catalogue,
          { containers: chosen, ...condition },
          {
            signal,
            onProgress: (progress, part) => onProgress(progress, part && { found: part, of: key }),
            openSql,
            limit: LIMIT,
          },
        );
        return { found, of: key };
      }),
    [ask, catalogue, key],
  );
  // A link that says so asks at once; so does what was asked, when a step back brings it.
  useEffect(() => {
    if (find !== undefined && keys !== '') run();
    else cancel();
  }, [find, keys, run, cancel]);
  useEffect(() => closeDuckDb, []);
  const search = (fields: Fields) => {
    const isSame = find !== undefined && FIELDS.every((name) => fields[name] === said[name]);
    if (isSame) run();
    else change({ ...fields, find: '1' }, 'moved');
  };
  const answer = answerShown(question, key);
  const pickList = (name: string) => {
    const everywhere = Object.fromEntries(FIELD_NAMES.map((field) => [field, undefined]));
    change({ ...everywhere, by: undefined, list: name, events: undefined, find: undefined }, 'moved');
  };
  return (
    <>
      <DatasetPicker label="Datasets" chosen={chosen} onChange={choose} only={hasTrigger} />
      <div className={styles.columns}>
        <div className={styles.side}>
          <ConditionForm
            said={said}
            ready={chosen.length > 0}
            running={question.state === 'running'}
            onSearch={search}
          />
          <ListsPanel onPick={pickList} />
        </div>
        <div className={styles.main}>
          {find === undefined || chosen.length === 0 ? (
            <p className={styles.note}>
              Events whose records fulfil all that is said: chains that fired, luminosity blocks, a condition in SQL. Of
              each record only the columns in question are fetched.
            </p>
          ) : (
            <>
              <QuestionStatus question={question} retry={run}>
                {answer && foundWords(answer.found)}
              </QuestionStatus>
              {question.state === 'idle' && <Cancelled onRetry={run} />}
              {answer && (
                <FoundList
                  found={answer.found}
                  from={[keys, chain, lb && `blocks ${lb}`, where].filter(Boolean).join('; ')}
                  onPick={pickList}
                />
              )}
            </>
          )}
        </div>
      </div>
    </>
  );
}

function ConditionForm({
  said,
  ready,
  running,
  onSearch,
}: {
  said: Fields;
  ready: boolean;
  running: boolean;
  onSearch(fields: Fields): void;
}) {
  const [state, setState] = useState({ own: said, said });
  if (FIELDS.some((name) => said[name] !== state.said[name])) setState({ own: said, said });
  const { own } = state;
  const set = (name: keyof Fields) => (event: { currentTarget: { value: string } }) => {
    const { value } = event.currentTarget;
    setState((now) => ({ ...now, own: { ...now.own, [name]: value } }));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSearch({ chain: own.chain.trim(), lb: own.lb.trim(), where: own.where.trim() });
  };
  return (
    <form className={styles.form} onSubmit={submit} aria-label="Find events by condition">
      <TextInput
        label="Fired chains"
        description="All of them: HLT_mu26*, L1_MU20 (after veto), tbp:L1_MU20, rs:HLT_e28*, tav:179 for a bit"
        classNames={{ description: styles.description! }}
        placeholder="HLT_mu26*"
        value={own.chain}
        onChange={set('chain')}
        spellCheck={false}
        autoComplete="off"
      />
      <TextInput
        label="Luminosity blocks"
        placeholder="100-250"
        value={own.lb}
        onChange={set('lb')}
        spellCheck={false}
        autoComplete="off"
      />
      <Textarea
        label="Condition in SQL"
        size="xs"
        description="Over the columns of records; fired(tbp, 7) asks a list for a bit"
        placeholder="bcid > 100 AND fired(tbp, 7)"
        value={own.where}
        rows={3}
        onChange={set('where')}
        spellCheck={false}
        classNames={{ input: styles.numbers!, description: styles.description! }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit();
        }}
      />
      <div className={styles.buttons}>
        <Button type="submit" disabled={!ready} loading={running}>
          Find events
        </Button>
        {!ready && <span className={styles.note}>Choose datasets first</span>}
      </div>
    </form>
  );
}

/** Chains are separated by blanks or commas. */
function chainsOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}

let duckdb: Promise<SqlDatabase> | undefined;

function closeDuckDb(): void {
  duckdb?.then(
    (database) => database.close(),
    () => undefined,
  );
  duckdb = undefined;
}

/** DuckDB, loaded with the first condition in SQL and kept while conditions are shown: it takes a second to start. A cancel ends the wait, since another question may wait too. */
function openDuckDb(signal: AbortSignal): Promise<SqlDatabase> {
  duckdb ??= import('../../../workers/sql/browserSql.ts')
    .then(({ openSql }) => openSql())
    .catch((error) => {
      duckdb = undefined;
      throw error;
    });
  const end = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(cancelled());
    signal.addEventListener('abort', () => reject(cancelled()), { once: true });
  });
  return Promise.race([duckdb, end]);
}
