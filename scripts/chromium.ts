/**
 * Which Chromium the browser tests drive: `LUMISCOPE_CHROMIUM`, else the system's, else Playwright's own.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';

const SYSTEM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Path of a Chromium that is there, or undefined. */
export function findChromium(): string | undefined {
  const asked = process.env.LUMISCOPE_CHROMIUM;
  if (asked) {
    if (!existsSync(asked)) throw new Error(`LUMISCOPE_CHROMIUM names ${asked}, which is not there`);
    return asked;
  }
  return [...SYSTEM, chromium.executablePath()].find((path) => path && existsSync(path));
}

/** As `findChromium`, but installs one where there is none. */
export function ensureChromium(): string {
  const found = findChromium();
  if (found) return found;
  const isRoot = process.getuid?.() === 0;
  const steps: [string, ...string[]][] =
    existsSync('/etc/debian_version') && isRoot
      ? [
          ['apt-get', 'update'],
          ['apt-get', 'install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'],
        ]
      : [['npx', 'playwright', 'install', 'chromium']];
  for (const [command, ...args] of steps) {
    process.stdout.write(`no Chromium found: ${command} ${args.join(' ')}\n`);
    const { status } = spawnSync(command, args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed; set LUMISCOPE_CHROMIUM to a Chromium`);
  }
  const installed = findChromium();
  if (!installed) throw new Error('Chromium was installed but is not where it is looked for; set LUMISCOPE_CHROMIUM');
  return installed;
}

/** No network of the browser's own, and WebGPU on the software adapter. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  // No name but this machine's resolves: nothing in the browser reaches another host, seen by a test or not.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
];
