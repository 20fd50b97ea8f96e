import { VERSION } from '../core/version.ts';
import { cacheCommand } from './cache.ts';
import { catalogueCommand } from './catalogue/catalogue.ts';
import { convertCommand } from './convert.ts';
import { eventsCommand } from './events.ts';
import { exportCommand } from './export.ts';
import { type Failure, failureOf, wrongOption } from './failure.ts';
import { declareCommand } from './ingest/declare.ts';
import { importEventIndexCommand } from './ingest/importEventIndex.ts';
import { produceCommand } from './ingest/produce.ts';
import { inspectCommand } from './inspect.ts';
import { linkCommand } from './link.ts';
import { mergeCommand } from './merge.ts';
import { runCommand } from './run.ts';

const HELP = `Lumiscope ${VERSION}: explore collision events

lumiscope run DOC.yaml [--file PATH_OR_URL ...] [--engine wasm|gpu|auto|reference] [--workers N]
              [-o HISTS.json] [--report REPORT.json] [--plan] [--token-host HOST ...]
    run an analysis document and print its cutflow
    --file     instead of the files of the document's first data set
    --engine   wasm where nothing is said; gpu takes the package webgpu (npm install webgpu), auto what is faster
    -o         write the histograms as UHI JSON: those of wasm, whatever the engine
    --report   write cutflow, events, bytes, requests, seconds, engine and document hash
    --plan     only say what would be asked of whom: files, requests and bytes by host, the largest columns

lumiscope events DOC.yaml [--file PATH_OR_URL ...] [--values EXPRESSION ...] [--limit N]
                 [--format text|csv|json] [-o EVENTS] [--token-host HOST ...]
    the events that pass all cuts, as run:lumi:event; with values as CSV or JSON

lumiscope convert DOC.yaml|PATH_OR_URL ... -o OUT.parquet [--file PATH_OR_URL ...] [--columns NAMES] [--only-columns]
                  [--all-events] [--define NAME[=EXPRESSION] ...] [--weight NAME] [--thin 'COLLECTION: MASK' ...]
                  [--compression snappy|gzip|none] [--tree NAME] [--workers N] [--token-host HOST ...]
    save the events that pass all cuts of a document with the columns that it reads, or files as they are, as Parquet;
    several data sets: a file each, OUT-NAME.parquet
    --columns       further columns: names or patterns with * and ?, separated by commas
    --only-columns  not those that the document reads
    --all-events    those that fail cuts, too
    --define        a definition of the document, or a new one, as a column
    --weight        a column with the document's weight
    --tree          of ROOT files without a document: which tree
    --thin          of a collection only the items for which the mask holds: 'Muon: Muon.pt > 10'

lumiscope inspect PATH_OR_URL [--json] [--tree NAME] [--token-host HOST ...]
    collections, columns, types, sizes and chunks of a file

lumiscope merge RESULT RESULT ... [--scale FACTOR,FACTOR,...] -o RESULT.json
    add up the histograms of results of one analysis, made on parts of its data: UHI JSON, or ROOT files with histograms
    --scale    what each result is multiplied by: counts become weighted

lumiscope export RESULT --as csv|uhi|hepdata|pyhf|python [--histogram NAME ...] [--at AXIS=VALUE ...] -o PATH
    write the histograms of a result (UHI JSON or ROOT) for other programs: a file, or a folder of files for csv and hepdata
    --at       only the bin of an axis that holds the value, without the axis

lumiscope link DOC.yaml [--base URL]
    the link that opens the document in the app

lumiscope catalogue SUBCOMMAND CATALOGUE ...
    find, pick, check and compare events of an event catalogue; lumiscope catalogue --help tells more

lumiscope produce FILE ... --dataset NAME --relay URL [--declare]
    read the event headers of files and stage them in a relay; lumiscope produce --help tells more

lumiscope declare FILE ... --dataset NAME --relay URL
    tell a relay which files a dataset has; lumiscope declare --help tells more

lumiscope import-eventindex FILE ... --relay URL [--dataset NAME] [--declare] [--dry-run]
    take the records that the EventIndex kept in Hadoop to a relay; lumiscope import-eventindex --help tells more

PATH_OR_URL is a path, or an address: https://, s3://bucket/key, davs://, root:// (of sites with a known HTTP door).
In paths and s3:// addresses, * stands for any characters but /, ** for any at all.

Keys for s3:// addresses: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION. They go to AWS, or to
AWS_ENDPOINT_URL where that is set: then s3:// addresses lie there, unless the document names another store.
A token for WLCG sites: BEARER_TOKEN, BEARER_TOKEN_FILE, or the file bt_u<uid>. It goes to the hosts of davs:// and root:// addresses
of the command line, and to any --token-host HOST, never to a host that only a document names.

lumiscope cache [--clear] [--cache-dir FOLDER]
    what is kept of remote files on this machine; --clear removes it

run, events and inspect keep the bytes that they fetch, in --cache-dir FOLDER, $LUMISCOPE_CACHE or the system's folder for
caches, and ask the server only whether they still hold; --no-cache: neither.

Exit status: 0, 2 for a wrong document or option, 3 for data that can't be read.
`;

const COMMANDS: Record<string, (args: string[]) => Promise<void>> = {
  run: runCommand,
  events: eventsCommand,
  convert: convertCommand,
  inspect: inspectCommand,
  cache: cacheCommand,
  catalogue: catalogueCommand,
  link: linkCommand,
  merge: mergeCommand,
  export: exportCommand,
  produce: produceCommand,
  declare: declareCommand,
  'import-eventindex': importEventIndexCommand,
};

async function main([name, ...args]: string[]): Promise<void> {
  if (name === '--version') process.stdout.write(`${VERSION}\n`);
  else if (name === undefined || name === '--help' || name === '-h' || name === 'help') process.stdout.write(HELP);
  else if (Object.hasOwn(COMMANDS, name)) await COMMANDS[name]!(args);
  else throw wrongOption(`there is no command ${name}`);
}

// Who reads along may have seen enough, as `head` has: what is written besides still gets done.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  await main(process.argv.slice(2));
} catch (error) {
  const failure = failureOf(error) ?? optionFailure(error);
  if (!failure) throw error;
  process.stderr.write(`lumiscope: ${failure.message}\n`);
  process.exitCode = failure.status;
}

/** `parseArgs` throws errors of its own for unknown options and missing values. */
function optionFailure(error: unknown): Failure | undefined {
  const { code, message } = error as { code?: string; message?: string };
  return code?.startsWith('ERR_PARSE_ARGS') ? wrongOption(message!) : undefined;
}
