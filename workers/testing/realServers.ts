/**
 * Real storage servers on 127.0.0.1, for tests that hold ours against them: versitygw (S3) and xrootd with its HTTP door. `npm run servers`
 * says how to get them; tests skip where they are not.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AwsClient } from 'aws4fetch';

/** Where `npm run servers` puts what it builds. */
export const SERVERS_FOLDER = fileURLToPath(new URL('../../.cache/servers', import.meta.url));

const HTTP_DOOR = '/usr/lib/x86_64-linux-gnu/libXrdHttp-5.so';

/** The program of versitygw, if it is on this machine: named by `LUMISCOPE_S3_SERVER`, built, or installed. */
export function findS3Gateway(): string | undefined {
  const built = process.env.LUMISCOPE_S3_SERVER ?? join(SERVERS_FOLDER, 'versitygw');
  return existsSync(built) ? built : which('versitygw');
}

/** The program of xrootd, if it is on this machine with the plug-in that speaks HTTP. */
export function findXRootD(): string | undefined {
  return existsSync(HTTP_DOOR) ? which('xrootd') : undefined;
}

function which(program: string): string | undefined {
  try {
    return execFileSync('which', [program], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

export interface RealServer {
  /** `http://127.0.0.1:port`. */
  endpoint: string;
  host: string;
  close(): Promise<void>;
}

export interface S3Gateway extends RealServer {
  accessKeyId: string;
  secretAccessKey: string;
  region: string;
  /** Signs as the owner of all buckets. */
  owner: AwsClient;
}

/** Starts versitygw over an empty folder. It answers pages of any origin. */
export async function startS3Gateway(program: string): Promise<S3Gateway> {
  const folder = mkdtempSync(join(tmpdir(), 'lumiscope-s3-'));
  const host = `127.0.0.1:${await freePort()}`;
  const endpoint = `http://${host}`;
  const keys = { accessKeyId: 'AKLUMISCOPE', secretAccessKey: 'secret/of+the=tests' };
  const region = 'eu-west-3';
  const objects = join(folder, 'objects');
  const users = join(folder, 'users');
  mkdirSync(objects);
  mkdirSync(users);
  const options = ['--port', host, '--region', region, '--cors-allow-origin', '*', '--quiet', '--iam-dir', users];
  const server = spawn(program, [...options, 'posix', objects], {
    env: { ...process.env, ROOT_ACCESS_KEY: keys.accessKeyId, ROOT_SECRET_KEY: keys.secretAccessKey },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await answers(endpoint, server);
  const owner = new AwsClient({ ...keys, region, service: 's3' });
  return { endpoint, host, ...keys, region, owner, close: () => stop(server, folder) };
}

/** Starts xrootd with its HTTP door over a folder, readable by all. */
export async function startXRootD(program: string, exported: string): Promise<RealServer> {
  const folder = mkdtempSync(join(tmpdir(), 'lumiscope-xrootd-'));
  const port = await freePort();
  const http = await freePort();
  const config = join(folder, 'xrootd.cfg');
  writeFileSync(
    config,
    [
      `xrd.port ${port}`,
      `xrd.protocol http:${http} libXrdHttp.so`,
      `oss.localroot ${exported}`,
      'all.export / r/o',
      `all.adminpath ${folder}`,
      `all.pidpath ${folder}`,
      'xrd.network nodnr',
      '',
    ].join('\n'),
  );
  const asUser = process.getuid?.() === 0 ? ['-R', 'xrootd'] : [];
  if (asUser.length > 0) execFileSync('chown', ['-R', 'xrootd', folder]);
  const server = spawn(program, ['-c', config, '-l', join(folder, 'log'), '-n', 'test', ...asUser], {
    cwd: folder,
    stdio: 'ignore',
  });
  const host = `127.0.0.1:${http}`;
  await answers(`http://${host}/`, server);
  return { endpoint: `http://${host}`, host, close: () => stop(server, folder) };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

async function answers(url: string, server: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`);
    if (await fetch(url).catch(() => undefined)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} does not answer`);
}

async function stop(server: ChildProcess, folder: string): Promise<void> {
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill();
  await ended;
  rmSync(folder, { recursive: true, force: true });
}
