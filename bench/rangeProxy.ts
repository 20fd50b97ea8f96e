/**
 * The range proxy beside asking the server directly, in the same run: server, proxy and client are a process each, on this machine. Cold
 * ranges go through it and into its cache, cached ones come from its disk.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startProxy } from '../relay/proxy/testing/startProxy.ts';
import { figure, median, print, ratio } from './report.ts';

const FILE_BYTES = 512e6;
const AT_ONCE = 8;
const REPEATS = 5;
const CASES = [
  { length: 16_384, requests: 2000 },
  { length: 65_536, requests: 1500 },
  { length: 1_048_576, requests: 300 },
];

const [role, origin = '', folder = ''] = process.argv.slice(2);
if (role === 'origin') await serve();
else if (role === 'proxy') {
  const limits = { perClient: 64, perOrigin: 64 };
  const proxy = await startProxy({ origins: [origin], cache: { folder, bytes: '8 GB', freshSeconds: 3600 }, limits });
  process.send!(proxy.address);
} else await measure();

/** Ranges of a file that is nowhere. */
async function serve(): Promise<void> {
  const block = Buffer.alloc(2 ** 20, 7);
  const server = createServer(({ headers }, response) => {
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(headers.range!)!.map(Number) as [number, number, number];
    const length = last - first + 1;
    response.writeHead(206, {
      'Content-Range': `bytes ${first}-${last}/${FILE_BYTES}`,
      'Content-Length': length,
      ETag: '"bench"',
    });
    response.end(block.subarray(0, length));
  });
  server.listen(0, '127.0.0.1', () => process.send!(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
}

function start(...args: string[]): Promise<{ child: ChildProcess; address: string }> {
  const child = fork(fileURLToPath(import.meta.url), args, { execArgv: ['--import', 'tsx'] });
  return new Promise((resolve, reject) => {
    child.once('message', (address) => resolve({ child, address: String(address) }));
    child.once('exit', (code) => reject(new Error(`the ${args[0]} ended with ${code}`)));
  });
}

/** Seconds for all ranges, a few at once. */
async function seconds(address: string, ranges: readonly string[], agent: Agent): Promise<number> {
  let next = 0;
  const lane = async () => {
    for (let range = ranges[next++]; range !== undefined; range = ranges[next++]) await read(address, range, agent);
  };
  const begin = performance.now();
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return (performance.now() - begin) / 1000;
}

function read(address: string, range: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    get(address, { headers: { range }, agent }, (response) => {
      if (response.statusCode !== 206) reject(new Error(`${address} answered ${response.statusCode}`));
      response.on('end', resolve).on('error', reject).resume();
    }).on('error', reject);
  });
}

async function measure(): Promise<void> {
  const rows: string[][] = [];
  const kept = mkdtempSync(join(tmpdir(), 'lumiscope-bench-'));
  const server = await start('origin');
  const proxy = await start('proxy', server.address, kept);
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  try {
    for (const { length, requests } of CASES) {
      const taken: Record<'direct' | 'cold' | 'cached', number[]> = { direct: [], cold: [], cached: [] };
      for (let repeat = 0; repeat <= REPEATS; repeat++) {
        const ranges = Array.from({ length: requests }, (_, k) => `bytes=${k * length}-${(k + 1) * length - 1}`);
        // A file of its own for each repeat: all of its ranges are new to the proxy.
        const file = `${server.address}/${length}/${repeat}.root`;
        const through = `${proxy.address}?url=${encodeURIComponent(file)}`;
        const direct = await seconds(file, ranges, agent);
        const cold = await seconds(through, ranges, agent);
        // What came is on disk within a second.
        await new Promise((resolve) => setTimeout(resolve, 1000));
        const cached = await seconds(through, ranges, agent);
        // The first time warms up.
        if (repeat === 0) continue;
        taken.direct.push(direct);
        taken.cold.push(cold);
        taken.cached.push(cached);
      }
      const direct = median(taken.direct);
      const told = (one: number) =>
        `${figure(requests / one)}/s, ${figure((requests * length) / 1e6 / one)} MB/s (${ratio(one, direct)})`;
      rows.push([`${length / 1024} KiB`, told(direct), told(median(taken.cold)), told(median(taken.cached))]);
    }
  } finally {
    agent.destroy();
    for (const { child } of [proxy, server]) {
      child.removeAllListeners('exit');
      child.kill();
    }
    rmSync(kept, { recursive: true });
  }
  print(
    'Ranges through the proxy',
    ['range', 'directly', 'through the proxy (time, as a multiple)', 'from its cache (time, as a multiple)'],
    rows,
    [`${AT_ONCE} requests at once; server, proxy and client are a process each; medians of ${REPEATS}`],
  );
}
