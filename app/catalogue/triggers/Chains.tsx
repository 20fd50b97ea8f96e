import { Button } from '@mantine/core';
import { useCallback, useEffect, useMemo } from 'react';
import type { TriggerMenu } from '../../../core/catalogue/menu.ts';
import type { ContainerRow } from '../../../core/catalogue/tables.ts';
import { type TriggerChoice, triggerChoice } from '../../../core/catalogue/triggerChoice.ts';
import type { TriggerCounts, TriggerQuestion } from '../../../core/catalogue/triggerCounts.ts';
import { type PlainError, toPlain } from '../../../core/errors.ts';
import type { OpenCatalogue } from '../../../workers/catalogue/openCatalogue.ts';
import { menuOf } from '../../../workers/catalogue/pick/names.ts';
import { countTriggers } from '../../../workers/catalogue/triggers/countTriggers.ts';
import { Message } from '../../components/Message.tsx';
import { formatBytes, formatCount } from '../../numbers.ts';
import { DatasetPicker, useContainers } from '../DatasetPicker.tsx';
import { useParameter } from '../link.ts';
import { Choice } from '../parts/Choice.tsx';
import { QuestionStatus } from '../QuestionStatus.tsx';
import { useQuestion } from '../useQuestion.ts';
import { bitsOf, blocksOf, LEVEL_OPTIONS, levelOf, listOf, listOptions } from './asked.ts';
import { ChainResult } from './ChainResult.tsx';
import { Field } from './Field.tsx';
import styles from './Triggers.module.css';

/** Counts that read no more bytes than this are made at once. */
const READ_UNASKED = 30e6;

interface Answer {
  counts: TriggerCounts;
  menu: TriggerMenu | undefined;
  key: string;
  isPartial: boolean;
}

/** Counts of the chains of datasets: which ones, what of them, and the table. */
export function Chains({ catalogue }: { catalogue: OpenCatalogue }) {
  const { tables } = catalogue;
  const withTriggers = useMemo(() => containersWithTriggers(catalogue), [catalogue]);
  const [containers, setContainers] = useContainers('containers', withTriggers.slice(0, 1));
  const [levelText, setLevel] = useParameter('level', '1');
  const [listText, setList] = useParameter('list');
  const [lb, setLb] = useParameter('lb');
  const [among, setAmong] = useParameter('among');
  const level = levelOf(levelText);
  const list = listOf(level, listText);
  const { blocks, wrong } = blocksOf(lb);
  const { choice, error } = useMemo(() => choose(tables, containers), [tables, containers]);
  const { ask, ...question } = useQuestion<Answer>();
  const key = JSON.stringify([choice?.members, level, list, blocks, among]);
  const bytes = useMemo(() => bytesOf(catalogue, choice), [catalogue, choice]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what is asked is its key
  const count = useCallback(() => {
    if (!choice || wrong) return;
    ask(async (signal, onProgress) => {
      const menu = choice.smk === undefined ? undefined : await menuOf(catalogue, choice.smk, signal);
      const chosen = bitsOf(menu, level, among);
      const asked: TriggerQuestion = {
        level,
        list,
        pairs: false,
        ...(blocks && { blocks }),
        ...(chosen && { chosen }),
      };
      const counts = await countTriggers(catalogue, choice.members, asked, {
        signal,
        onProgress: (counts, records) =>
          onProgress(
            { done: counts.records, total: records, unit: 'records', note: 'Counting' },
            { counts, menu, key, isPartial: true },
          ),
      });
      return { counts, menu, key, isPartial: false };
    });
  }, [ask, catalogue, key, wrong?.message]);
  const isSmall = bytes <= READ_UNASKED;
  const isFree = isSmall && choice !== undefined && !wrong;
  const { cancel } = question;
  useEffect(() => {
    if (isFree) count();
    else cancel();
  }, [count, cancel, isFree]);

  const answer = question.value?.key === key ? question.value : undefined;
  if (withTriggers.length === 0)
    return (
      <Message
        kind="note"
        title="No dataset of this catalogue holds trigger decisions"
        hint="masks can be decoded all the same"
      />
    );
  return (
    <>
      <DatasetPicker label="Datasets" chosen={containers} onChange={setContainers} only={isIn(withTriggers)} />
      <div className={styles.tools}>
        <Choice
          label="Level"
          value={String(level)}
          options={LEVEL_OPTIONS}
          onChange={(next) => {
            setLevel(next, 'moved');
            setList('');
          }}
        />
        <Choice label="Rates and unique events" value={list} options={listOptions(level)} onChange={setList} />
        <Field
          label="Luminosity blocks"
          value={lb}
          onChange={setLb}
          placeholder="all; 100-250"
          width={14}
          wrong={wrong !== undefined}
        />
        <Field label="Unique among" value={among} onChange={setAmong} placeholder="all chains; HLT_mu*" width={22} />
        {!isSmall && (
          <Button variant="default" size="compact-xs" onClick={count} disabled={!choice || wrong !== undefined}>
            Count ({formatBytes(bytes)} at most)
          </Button>
        )}
      </div>
      {wrong && <Message kind="error" title={wrong.message} hint={wrong.hint} />}
      {error && <Message kind="error" title={error.message} hint={error.hint} />}
      {choice && !wrong && (
        <QuestionStatus question={question} retry={count}>
          {answer && words(answer.counts)}
        </QuestionStatus>
      )}
      {answer && choice && <ChainResult catalogue={catalogue} members={choice.members} {...answer} />}
    </>
  );
}

function words({ events, records, duplicates, elsewhere, blind, question }: TriggerCounts): string {
  return [
    `${formatCount(events)} events of ${formatCount(records)} records`,
    ...(duplicates > 0 ? [`${formatCount(duplicates)} further records of the same events`] : []),
    ...(question.blocks ? [`${formatCount(elsewhere)} records of other luminosity blocks`] : []),
    ...(blind > 0 ? [`${formatCount(blind)} events without decisions`] : []),
  ].join(', ');
}

function choose(
  tables: OpenCatalogue['tables'],
  containers: readonly ContainerRow[],
): { choice?: TriggerChoice; error?: PlainError } {
  if (containers.length === 0) return {};
  try {
    return { choice: triggerChoice(tables, containers) };
  } catch (error) {
    return { error: toPlain(error) };
  }
}

/** Those with most events first. */
function containersWithTriggers({ tables }: OpenCatalogue): ContainerRow[] {
  const has = new Set(
    tables.datasets.filter((row) => row.has_trigger).map(({ dspid, dstypeid }) => `${dspid}.${dstypeid}`),
  );
  return tables.containers
    .filter(({ dspid, dstypeid }) => has.has(`${dspid}.${dstypeid}`))
    .sort((a, b) => (b.events ?? b.events_rucio) - (a.events ?? a.events_rucio));
}

function isIn(rows: readonly ContainerRow[]): (row: ContainerRow) => boolean {
  const known = new Set(rows);
  return (row) => known.has(row);
}

/** Of all columns of the records: those that are read are fewer. */
function bytesOf({ manifest }: OpenCatalogue, choice: TriggerChoice | undefined): number {
  const members = new Set(choice?.members.map(({ dspid, dstypeid }) => `${dspid}.${dstypeid}`));
  return manifest.parts
    .filter(({ dspid, dstypeid }) => members.has(`${dspid}.${dstypeid}`))
    .reduce((sum, { records }) => sum + records.bytes, 0);
}
