/** The relay as a program: started, killed, started again, told to stop. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'lumiscope-relay-'));
const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a relay, as far as it says where it is. */
async function start() {
  const args = ['--import', 'tsx', MAIN, '--port', '0', '--folder', folder, '--roles', 'api', '--log-level', 'info'];
  const env = {
    ...process.env,
    LUMISCOPE_RELAY_SELF_TEST: '0 s',
    LUMISCOPE_RELAY_STOP_SECONDS: '2',
    AWS_SECRET_ACCESS_KEY: 'a-secret-of-the-environment',
  };
  const child = spawn(process.execPath, args, { env });
  running.add(child);
  child.once('exit', () => running.delete(child));
  let out = '';
  child.stdout.on('data', (part) => {
    out += part;
  });
  child.stderr.on('data', (part) => {
    out += part;
  });
  while (!/app +(\S+)/.test(out)) {
    if (child.exitCode !== null) throw new Error(out);
    await Promise.race([once(child.stderr, 'data'), once(child, 'exit')]);
  }
  return { child, url: /app +(http:\S+)\//.exec(out)![1]!, output: () => out };
}

it('killed in the middle of an upload it goes on from what is on disk; told to stop it lets go what it holds, and ends with 0', async () => {
  const object = Buffer.alloc(400_000, 'lumiscope');
  const sha256 = createHash('sha256').update(object).digest('hex');
  const first = await start();
  const { hostname, port, host } = new URL(first.url);
  const socket = connect(Number(port), hostname).on('error', () => {});
  socket.write(`PUT /v1/objects/${sha256} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 400000\r\n\r\n`);
  socket.write(object.subarray(0, 100_000));
  const spooled = join(folder, 'uploads', `${sha256}.400000.part`);
  while ((statSync(spooled, { throwIfNoEntry: false })?.size ?? 0) < 100_000)
    await new Promise((resolve) => setTimeout(resolve, 10));
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  socket.destroy();

  const second = await start();
  const address = `${second.url}/v1/objects/${sha256}`;
  const head = await fetch(address, { method: 'HEAD' });
  expect(head.headers.get('upload-offset')).toBe('100000');
  const rest = await fetch(address, {
    method: 'PUT',
    body: object.subarray(100_000),
    headers: { 'content-range': 'bytes 100000-399999/400000' },
  });
  expect(rest.status).toBe(201);
  await fetch(`${second.url}/v1/datasets?token=a-secret-of-the-environment`);

  // A stream that would go on for ever, and a connection that says nothing.
  const stream = await fetch(`${second.url}/v1/monitor/stream`);
  const silent = connect(Number(new URL(second.url).port), '127.0.0.1').on('error', () => {});
  const began = performance.now();
  second.child.kill('SIGTERM');
  const [status] = await once(second.child, 'exit');
  expect(status).toBe(0);
  expect(performance.now() - began).toBeLessThan(30_000);
  await stream.body?.cancel().catch(() => {});
  silent.destroy();
  expect(second.output()).toContain('"signal":"SIGTERM"');
  expect(second.output()).not.toContain('a-secret-of-the-environment');
}, 120_000);

it('a store that takes nothing is told, and is no wrong configuration: whoever starts it may try again', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'lumiscope-relay-')), 'file');
  writeFileSync(file, '');
  const args = ['--import', 'tsx', MAIN, '--port', '0', '--folder', folder, '--store', join(file, 'store')];
  const child = spawn(process.execPath, args);
  running.add(child);
  let said = '';
  child.stderr.on('data', (part) => {
    said += part;
  });
  const [status] = await once(child, 'close');
  expect(said).toMatch(/^relay: the store .* refuses: .*\n {2}name another one by --store/);
  expect(status).toBe(3);
}, 60_000);
