/** Which dataset events belong to, as a person names it: one, or one for each run. */
import { parseDatasetName, printDatasetName } from '../catalogue/datasetName.ts';
import { LumiscopeError } from '../errors.ts';

/** Stands for the run number. */
const RUN = '{run}';

export interface DatasetTemplate {
  /** As it was given. */
  text: string;
  /** Set where it is one dataset: its name. */
  name?: string;
  /** Where it is one dataset of data: the run that its events have to be of. Numbers of simulation are no runs. */
  run?: number;
  /** The name of the dataset that events of a run belong to. */
  nameFor(run: number): string;
}

/**
 * Takes the name of a dataset, or one with `{run}` in place of the run number.
 * @throws LumiscopeError `document`
 */
export function parseDatasetTemplate(text: string): DatasetTemplate {
  const isData = (project: string) => project.startsWith('data');
  if (!text.includes(RUN)) {
    const parsed = parseDatasetName(text);
    const name = printDatasetName(parsed);
    return { text, name, ...(isData(parsed.project) && { run: parsed.runNumber }), nameFor: () => name };
  }
  const nameFor = (run: number) => printDatasetName(parseDatasetName(text.replaceAll(RUN, String(run))));
  const { project, runNumber } = parseDatasetName(text.replaceAll(RUN, '1'));
  const wrong = (message: string, hint: string) => new LumiscopeError('document', message, { hint });
  if (!isData(project))
    throw wrong(
      `${text}: datasets of simulation are not told apart by runs`,
      'write the dataset number in place of {run}',
    );
  if (runNumber !== 1 || text.split('.')[1] !== RUN)
    throw wrong(
      `${text}: ${RUN} is no part of another name`,
      'it stands in place of the run number: data12_8TeV.{run}.physics_Muons.…',
    );
  return { text, nameFor };
}
