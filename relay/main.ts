import { stringify } from 'yaml';
import { VERSION } from '../core/version.ts';
import { ConfigError, keysHelp, readConfig } from './config.ts';
import { scrub } from './server/scrub.ts';
import { startRelay } from './startRelay.ts';

const HELP = `Lumiscope relay ${VERSION}: takes in event records, publishes them in an event catalogue, and reads from servers without CORS

npm run relay -- [--config FILE] [--folder FOLDER] [--store FOLDER|s3://BUCKET/PREFIX] [--port N] [--host ADDRESS]
                 [--public-url URL] [--roles api,supervisor,consumer,proxy] [--consumers N] [--memory SIZE]
                 [--auth ISSUER ...] [--open-to-network] [--origin ORIGIN ...] [--proxy-origin ORIGIN ...]
                 [--log-level LEVEL] [--print-config] [--help] [--version]

Without options: everything in one process on http://127.0.0.1:4380/, in the folder lumiscope-relay.
--config        YAML or JSON; without it lumiscope-relay.yaml here, or in the folder
--print-config  what the file, the environment and the options come to; then ends

Keys of the file. Each is also a variable of the environment: limits.objectBytes is LUMISCOPE_RELAY_LIMITS_OBJECT_BYTES.
Options win over variables, variables over the file.
${keysHelp()}

Keys of an S3 store: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_ENDPOINT_URL.

Exit status: 0, 2 for a wrong configuration, 3 where the relay can't start.
`;

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  const { help, version, printConfig, config, written } = readConfig(process.argv.slice(2), process.env);
  if (version) process.stdout.write(`${VERSION}\n`);
  else if (help) process.stdout.write(HELP);
  else if (printConfig) process.stdout.write(scrub(stringify(written)));
  else await startRelay(config);
} catch (error) {
  const { name, message, hint } = error as Error & { hint?: string };
  if (name !== 'ConfigError' && name !== 'LumiscopeError') throw error;
  process.stderr.write(scrub(`relay: ${message}${hint ? `\n  ${hint}` : ''}\n`));
  // A store that does not answer would keep the program waiting.
  process.exit(error instanceof ConfigError ? 2 : 3);
}
