import type { Program } from '../../core/expr/typedForm.ts';
import { combineDatasets } from '../../core/hist/contents.ts';
import type { Histogram } from '../../core/hist/histogram.ts';
import type { PartialResult } from '../engine/engine.ts';
import type { CutflowRow, RunResult } from '../session.ts';
import type { SessionFile } from './files.ts';

/** One data set's numbers beside what they are numbers of. */
export interface DatasetNumbers {
  name: string;
  files: readonly SessionFile[];
  program: Program;
  numbers: PartialResult;
}

/** The parts of a result that come from the data; one data set's histograms stand alone, those of several are put together. */
export function assemble(
  datasets: readonly DatasetNumbers[],
): Pick<RunResult, 'cutflow' | 'histograms' | 'eventsRead' | 'eventsPassed' | 'files'> {
  const cutflow = datasets.map(({ name, program, numbers }) => ({
    dataset: name,
    rows: cutflowRows(program, numbers.cutflow),
    missingWeight: numbers.missingWeight,
  }));
  const histograms = (datasets[0]?.program.histograms ?? []).map(({ name }, index) => {
    const parts = datasets.map(({ name: dataset, program, numbers }) => ({
      dataset,
      histogram: histogramOf(program, numbers, index),
    }));
    return { name, histogram: combineDatasets(parts) };
  });
  return {
    cutflow,
    histograms,
    eventsRead: sum(datasets.map(({ numbers }) => numbers.events)),
    eventsPassed: sum(cutflow.map(({ rows }) => rows.at(-1)!.events)),
    files: datasets.flatMap(({ name: dataset, files }) =>
      files.map(({ name, summary }) => ({
        dataset,
        name,
        size: summary.file.size,
        etag: summary.file.etag,
        events: summary.events,
      })),
    ),
  };
}

function cutflowRows(program: Program, numbers: Float64Array): CutflowRow[] {
  const names = ['all events', ...program.cuts.map(({ name }) => name)];
  return names.map((name, row) => ({
    name,
    events: numbers[3 * row]!,
    sumw: numbers[3 * row + 1]!,
    sumw2: numbers[3 * row + 2]!,
  }));
}

function histogramOf(program: Program, numbers: PartialResult, index: number): Histogram {
  const { axes, storage, title } = program.histograms[index]!;
  return {
    axes: axes.map(({ axis }) => axis),
    storage,
    ...numbers.histograms[index]!,
    metadata: title === undefined ? {} : { title },
  };
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
