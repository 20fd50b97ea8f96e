import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { LumiscopeError } from '../../core/errors.ts';
import { parseDatasetTemplate } from '../../core/ingest/datasetTemplate.ts';
import type { Declaration } from '../../core/ingest/declaration.ts';
import { parseFileList } from '../../core/ingest/fileList.ts';
import { declarationsOf } from '../../workers/ingest/produce/produceFiles.ts';
import { failureOf, wrongOption } from '../failure.ts';
import { dryRelay } from './dryRelay.ts';
import { declarationText } from './produce.ts';
import {
  eventInputs,
  FILE_OPTIONS,
  RELAY_OPTIONS,
  relayAddress,
  relayClient,
  untilInterrupted,
  waitFor,
} from './relayOptions.ts';

const HELP_AT = 'lumiscope declare --help';
const HELP = `lumiscope declare FILE... --dataset NAME --relay URL [--open] [--guid GUID ...] [--tree NAME] [--run-column NAME] [--wait]
                 [--dry-run] [--token-host HOST ...]
lumiscope declare --list FILES.json|FILES.csv --dataset NAME --relay URL [--open] [--wait] [--dry-run]
    tell a relay which files a dataset has, with how many events: it is published when all of them are staged. A later
    declaration takes the place of an earlier one

    --dataset NAME  Project.run.stream.step.type.tag; of FILEs with {run} in place of the run number: a dataset for each run
    --relay URL     where the relay listens, as in http://127.0.0.1:4380; or LUMISCOPE_RELAY
    --list FILE     instead of FILEs: GUIDs and events, as CSV with the columns guid, events[, bytes, name], or as a JSON
                    list of such objects; - for standard input, as JSON
    --open          files may still be added by another declaration: what is there is published before
    --guid, --tree, --run-column   as in lumiscope produce --help
    --wait          wait until the dataset is in the catalogue
    --dry-run       print what would be sent, and send nothing
`;

/** `lumiscope declare`: what a dataset is expected to hold. */
export async function declareCommand(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...RELAY_OPTIONS,
      ...FILE_OPTIONS,
      list: { type: 'string' },
      open: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  if (values.dataset === undefined) throw wrongOption('which dataset? Its name goes with --dataset', HELP_AT);
  if ((values.list === undefined) === (positionals.length === 0))
    throw wrongOption('which files? They are named one by one, or in a --list', HELP_AT);
  const { signal, end } = untilInterrupted();
  try {
    const template = parseDatasetTemplate(values.dataset);
    const address = values['dry-run'] ? undefined : relayAddress(values.relay, HELP_AT);
    const relay = address === undefined ? dryRelay() : relayClient(address, signal);
    const inputs = await eventInputs(positionals, values, address);
    let declarations: Declaration[];
    if (values.list === undefined)
      ({ declarations } = await declarationsOf(inputs, template, { open: values.open, signal }));
    else if (template.name === undefined)
      throw wrongOption('a list has no runs: --dataset takes the name of one dataset with it', HELP_AT);
    else {
      const files = parseFileList(await textOf(values.list), values.list);
      declarations = [{ dataset: template.name, files, open: values.open, sourcePath: '' }];
    }
    for (const declaration of declarations) {
      const { again } = await relay.declare(declaration);
      process.stderr.write(`${declarationText(declaration, again)}\n`);
    }
    const names = declarations.map(({ dataset }) => dataset);
    if (values.wait && address !== undefined) await waitFor(relayClient(address, signal), names, signal);
  } catch (error) {
    throw failureOf(error) ?? error;
  } finally {
    end();
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path === '-' ? '/dev/stdin' : path, 'utf8');
  } catch (error) {
    throw new LumiscopeError('source', `${path} can't be read: ${(error as Error).message}`, { place: { file: path } });
  }
}
