import { Button } from '@mantine/core';
import { formatBytes } from '../numbers.ts';
import type { useAnalysisTable } from './useAnalysisTable.ts';

/** Allows a question to fetch the events of the open analysis, where that is much. */
export function AnalysisCost({ asks }: Pick<ReturnType<typeof useAnalysisTable>, 'asks'>) {
  return asks ? <Button onClick={asks.allow}>Allow {formatBytes(asks.bytes)} for the analysis</Button> : null;
}
