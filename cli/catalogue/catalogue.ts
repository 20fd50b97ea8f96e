import { wrongOption } from '../failure.ts';

interface Subcommand {
  /** What stands behind its name, and lines of what it does. */
  usage: string;
  about: string;
  load: () => Promise<(args: string[]) => Promise<void>>;
}

/** What `lumiscope catalogue` can do, each in a file of its own. */
const SUBCOMMANDS: Record<string, Subcommand> = {
  datasets: {
    usage: 'CATALOGUE [QUERY] [--canonical] [--columns FIELDS] [--count-by FIELD]',
    about: `datasets that a search finds: 'physics_Main type:DAOD_* run:358000-359000 -state:obsolete'; -- before one that begins with -
--canonical  of each the newest version, its validated datasets
--columns    fields, separated by commas
--count-by   instead: how many there are of each value of a field`,
    load: async () => (await import('./find.ts')).datasetsCommand,
  },
  containers: {
    usage: 'CATALOGUE [QUERY] [--columns FIELDS] [--count-by FIELD]',
    about: 'containers that a search finds',
    load: async () => (await import('./find.ts')).containersCommand,
  },
  show: {
    usage: 'CATALOGUE [NAME] [--files]',
    about: `what the catalogue is; of a dataset or container, all that is known
--files  its declared files`,
    load: async () => (await import('./show.ts')).showCommand,
  },
  pick: {
    usage: `CATALOGUE RUN EVENT | --list FILE | --dataset QUERY [--chain CHAIN ...] [--lb A-B] [--where SQL]
                 [--data-type T|any] [--version TAG|any] [--stream S] [--step P] [--project P] [--plan]
                 [--limit N] [--records]`,
    about: `where events lie, what they came from and what triggered them; of a --dataset, which events fulfil conditions
--list       events of a file, or of - for standard input: lines of run and event, CSV with named columns, JSON
--data-type  AOD, DAOD_*; without it AOD, stream after stream, and for what that lacks RAW
--version    AMI tag; without it, the newest one
--plan       only say what would be asked of the store
--dataset    containers, as the search of the app takes them: 'run:358031 type:AOD'; all that follows has to hold
--chain      HLT_mu26*, L1_MU20 (after veto), tbp:L1_MU20, tav:179 (a bit); lists are tbp, tap, tav, ph, pt, rs
--where      SQL over the columns of records: 'bcid > 100 AND fired(tbp, 7)'
--records    their records, as for RUN EVENT, instead of their numbers`,
    load: async () => (await import('./pick.ts')).pickCommand,
  },
  overlaps: {
    usage: `CATALOGUE [PATTERN ...] [--stream NAME=PATTERN ...] [--list FILE ...] [--runs-together]
                     [--order similarity|name|size] [--matrix ratio|both|row] [--engine auto|wasm|gpu] [--stored]`,
    about: `how many events streams share: pairs, events in exactly 1, 2, … streams, and the bytes that it costs
PATTERN          containers, each a stream: words of names or fields, 'run:358031 type:DAOD_*'; without it, the
                 derivations of the dataset that has most of them
--stream         all containers that are like the pattern as one stream
--list           events of a file as a stream, or of - for standard input
--runs-together  containers that differ in the run only are one stream
--matrix         both ÷ union, events in both, or both ÷ events of the row; default: ratio. As CSV: instead of pairs
--stored         the counts that check --write stored`,
    load: async () => (await import('./overlaps.ts')).overlapsCommand,
  },
  check: {
    usage: `CATALOGUE [NAME ...] [--list counts|files|files_dup|missing|rejected|duplicates]
                  [--checksums] [--records] [--write]`,
    about: `counts records, distinct and duplicate events and files of containers, and holds them against what is declared
NAME         containers, by name or as a search: 'type:DAOD_* run:358031'; without it, all
--list       counts of containers and datasets, of files, of files with duplicates; files that are missing or differ;
             records that belong to nothing that is declared; events that occur more than once, and where
--checksums  reads all objects of these containers, and of the tables, against their checksums
--records    reads all records in full: keys, references and GUIDs have to agree
--write      stores counts, states and overlaps, if the catalogue is still the version that was checked
Ends with 3 where something is not as it should be.`,
    load: async () => (await import('./check.ts')).checkCommand,
  },
  sweep: {
    usage: 'CATALOGUE [--older-than DAYS] [--dry-run]',
    about: `removes objects that the catalogue does not name: those of earlier versions, and of programs that were killed
--older-than  how long they have to be there; default: 7, at least 1
--dry-run     only tells which`,
    load: async () => (await import('./sweep.ts')).sweepCommand,
  },
  generate: {
    usage: `FOLDER [--events N] [--derivations K] [--run N ...] [--first-event N] [--duplicates SHARE]
                             [--families NAMES] [--chains N] [--seed N] [--plain] [--title TEXT] [--workers N]`,
    about: `a catalogue of made-up records with the shapes of real ones, in a new folder; the same options give the same bytes
--events       recorded in each run
--derivations  data types made from each AOD, 1 to 100
--run          run numbers of Run 2
--first-event  event numbers go up from there, to 2^64 - 1 at most
--duplicates   share of the events that have more than one record, in the datasets that have such
--families     of columns, besides location: provenance,l1,hlt; location alone: light records
--chains       in the high-level trigger's menu, at most 4096
--plain        only the derivations of each run, whole: no RAW, AOD, other versions, Run 1, simulation`,
    load: async () => (await import('./generate.ts')).generateCommand,
  },
  sql: {
    usage: `CATALOGUE 'SELECT ...' [--events CONTAINER ...] [--families provenance,l1,hlt]
                [--limit N]`,
    about: `a question to the tables datasets, containers, dstypes, dsguids, menus and stored_overlaps; nothing is changed
--events     containers, names or patterns, whose event records are the table events
--families   columns of these beside the location; default: all, location for none
--limit      rows at most; default: 1000000
-o           a file of CSV, of JSON by --format, or of Parquet by its ending .parquet`,
    load: async () => (await import('./sql.ts')).sqlCommand,
  },
  triggers: {
    usage: '[CATALOGUE DATASET] [OPTIONS]',
    about: `counts of trigger chains over the distinct events of a dataset, or of all that a search finds
--level L1|HLT|L2    default: L1
--list LIST          what rates, unique counts and overlaps are of: tbp, tap or tav; ph, pt or rs; lph, lpt or lrs
--lb FIRST-LAST      of these luminosity blocks
--chains PATTERN     only these chains, and unique among them; may be given again
--overlaps           events that each pair of chains shares
--event RUN EVENT    instead: the chains of one event
--mask TEXT          instead: what a mask says, in words of the menu --smk N of the catalogue, or as numbers of bits
--file PATH_OR_URL   instead: of columns of booleans of an event file, --columns 'HLT_*'`,
    load: async () => (await import('./triggers.ts')).triggersCommand,
  },
};

/** `lumiscope catalogue SUBCOMMAND …`: an event catalogue, as the app's view of it. */
export async function catalogueCommand([name, ...args]: string[]): Promise<void> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') process.stdout.write(help());
  else if (!Object.hasOwn(SUBCOMMANDS, name)) throw wrongOption(`catalogue has no subcommand ${name}`, HELP_AT);
  else if (args.includes('--help') || args.includes('-h')) process.stdout.write(usage(name));
  else await (await SUBCOMMANDS[name]!.load())(args);
}

const HELP_AT = 'lumiscope catalogue --help';

function usage(name: string): string {
  const { usage, about } = SUBCOMMANDS[name]!;
  return `lumiscope catalogue ${name} ${usage}\n${about.replaceAll(/^/gm, '    ')}\n`;
}

function help(): string {
  return `${Object.keys(SUBCOMMANDS).map(usage).join('\n')}
CATALOGUE is a folder, or an address: https://, s3://bucket/folder/, davs://; of the folder or of its manifest.json.

Of all:
    --format text|json|csv   default: text
    -o FILE                  instead of standard output
    --workers N              threads; default: one fewer than the cores
    --no-cache, --cache-dir FOLDER, --token-host HOST   as for other commands; see lumiscope --help
`;
}
