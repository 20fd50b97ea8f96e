/**
 * `npm run servers`: real storage servers for the tests in `workers/io/s3Gateway.test.ts` and `xrootd.test.ts`, which skip without them. Builds
 * versitygw with Go (a minute or two); xrootd comes from the system's packages.
 */
import { mkdirSync } from 'node:fs';
import { findS3Gateway, findXRootD, SERVERS_FOLDER } from '../workers/testing/realServers.ts';
import { runStep } from './runStep.ts';

const VERSITYGW = 'github.com/versity/versitygw/cmd/versitygw@v1.8.0';

mkdirSync(SERVERS_FOLDER, { recursive: true });
if (!findS3Gateway()) {
  await runStep('go', ['install', '-ldflags', '-s -w', VERSITYGW], { GOBIN: SERVERS_FOLDER }).catch((error: Error) => {
    process.stdout.write(`${error.message}\nInstall Go 1.25 or newer, or name a versitygw by LUMISCOPE_S3_SERVER\n`);
  });
}
const state = (program: string | undefined, how: string) => program ?? `not here: ${how}`;
process.stdout.write(
  `versitygw: ${state(findS3Gateway(), 'https://github.com/versity/versitygw')}\n` +
    `xrootd: ${state(findXRootD(), 'apt-get install --no-install-recommends xrootd-server xrootd-server-plugins')}\n`,
);
