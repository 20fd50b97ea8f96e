import { useCallback, useEffect, useMemo } from 'react';
import { keyOf } from '../../../core/catalogue/find.ts';
import { namePattern, type TriggerMenu } from '../../../core/catalogue/menu.ts';
import type { OverlapCounts } from '../../../core/catalogue/overlap.ts';
import type { StreamMember } from '../../../core/catalogue/stream.ts';
import { type ChainCount, chainOverlaps, type TriggerCounts } from '../../../core/catalogue/triggerCounts.ts';
import type { OpenCatalogue } from '../../../workers/catalogue/openCatalogue.ts';
import { countTriggers } from '../../../workers/catalogue/triggers/countTriggers.ts';
import { formatCount } from '../../numbers.ts';
import { openTask, useParameter, useParameters } from '../link.ts';
import { Choice } from '../parts/Choice.tsx';
import { QuestionStatus } from '../QuestionStatus.tsx';
import { useQuestion } from '../useQuestion.ts';
import { ChainMatrix } from './ChainMatrix.tsx';
import { sortChains } from './chainRows.ts';

/** How many chains: the ones with most events. */
const MOST: readonly (readonly [string, string])[] = [
  ['10', '10'],
  ['30', '30'],
  ['100', '100'],
  ['300', '300'],
  ['1000', '1,000'],
  ['all', 'all'],
];

/** Overlaps of the chains that fit a filter, those with most events. */
export function ChainOverlaps({
  catalogue,
  members,
  counts,
  rows,
  menu,
  filter,
}: {
  catalogue: OpenCatalogue;
  members: readonly StreamMember[];
  counts: TriggerCounts;
  rows: readonly ChainCount[];
  menu: TriggerMenu | undefined;
  filter: string;
}) {
  const [most, setMost] = useParameter('most', '30');
  const { ask, ...question } = useQuestion<{ key: string; overlaps: OverlapCounts; isPartial: boolean }>();
  const { fitting, bits } = useMemo(() => {
    const fits = namePattern(filter);
    const named = rows.filter(({ chain }) => fits(chain));
    const sorted = sortChains(named, counts, { column: counts.question.list, descending: true });
    const own = sorted.slice(0, most === 'all' ? sorted.length : Number(most) || 30).map(({ bit }) => bit);
    return { fitting: named.length, bits: own.sort((a, b) => a - b) };
  }, [rows, counts, filter, most]);
  const key = JSON.stringify([members, counts.question, bits]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is asked is its key
  const count = useCallback(() => {
    const asked = { ...counts.question, chosen: bits, pairs: true };
    ask(async (signal, onProgress) => {
      const answer = (counts: TriggerCounts, isPartial: boolean) => ({
        key,
        overlaps: chainOverlaps(counts, menu)!,
        isPartial,
      });
      const counted = await countTriggers(catalogue, members, asked, {
        signal,
        onProgress: (partial, records) =>
          onProgress(
            { done: partial.records, total: records, unit: 'records', note: 'Counting pairs' },
            answer(partial, true),
          ),
      });
      return answer(counted, false);
    });
  }, [ask, catalogue, key, menu]);
  useEffect(count, [count]);
  const answer = question.value?.key === key ? question.value : undefined;
  const [{ lb = '' }] = useParameters();
  const pick = (...pair: [number, number]) => {
    const { list } = counts.question;
    const chains = [...new Set(pair)].map((place) => `${list}:${conditionOf(rows, answer!.overlaps.names[place]!)}`);
    const containers = members.map(keyOf).join(',');
    openTask('pick', { by: 'condition', containers, chain: chains.join(' '), ...(lb && { lb }), find: '1' });
  };
  return (
    <>
      <QuestionStatus question={question} retry={count}>
        {answer && `${formatCount(answer.overlaps.names.length)} chains of ${formatCount(fitting)} that fit`}
      </QuestionStatus>
      {answer && (
        <ChainMatrix overlaps={answer.overlaps} isPartial={answer.isPartial} onOpen={pick}>
          <Choice label="Chains with most events" value={most} options={MOST} onChange={setMost} />
        </ChainMatrix>
      )}
    </>
  );
}

/** What the condition of a pick calls a chain: its name, or the number of a bit without one. */
function conditionOf(rows: readonly ChainCount[], name: string): string {
  return name.includes(' ') ? String(rows.find(({ chain }) => chain === name)!.bit) : name;
}
