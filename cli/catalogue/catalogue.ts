import { wrongOption } from '../failure.ts';

interface Subcommand {
  /** What stands behind its name, and lines of what it does. */
  usage: string;
  about: string;
  load: () => Promise<(args: string[]) => Promise<void>>;
}

/** What `lumiscope catalogue` can do, each in a file of its own. */
const SUBCOMMANDS: Record<string, Subcommand> = {
  show: {
    usage: 'CATALOGUE [NAME ...]',
    about: 'what the catalogue is; of datasets and containers, all that is known',
    load: async () => (await import('./show.ts')).showCommand,
  },
  pick: {
    usage: `CATALOGUE RUN EVENT | --list FILE
                 [--data-type T|any] [--version TAG|any] [--stream S] [--step P] [--project P] [--plan]`,
    about: `where events lie, what they came from and what triggered them
--list       events of a file, or of - for standard input: lines of run and event, CSV with named columns, JSON
--data-type  AOD, DAOD_*; without it, of each stream AOD, and for what that lacks RAW
--version    AMI tag; without it, the newest one
--plan       only say what would be asked of the store`,
    load: async () => (await import('./pick.ts')).pickCommand,
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
