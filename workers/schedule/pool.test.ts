import type { Remote } from 'comlink';
import { expect, test } from 'vitest';
import { WorkerPool } from './pool.ts';
import type { WorkerApi } from './workerApi.ts';

test('keys go to every worker before anything else is asked of it, also to those that start later', async () => {
  const heard: string[] = [];
  const spawn = () => {
    const number = heard.length;
    const api = new Proxy({} as Remote<WorkerApi>, {
      get: (_, call) => async (argument: { keys?: { host: string }[] }) => {
        heard.push(`${number} ${String(call)} ${argument?.keys?.map(({ host }) => host) ?? ''}`);
        return { ok: true };
      },
    });
    return { api, crashed: new Promise<string>(() => {}), terminate: () => {} };
  };
  const rules = (host: string) => ({ keys: [{ host, accessKeyId: 'id', secretAccessKey: 'secret' }], tokens: [] });
  const pool = new WorkerPool(spawn, 2, 1e6);
  pool.worker(0);
  pool.setAccess(rules('first'));
  pool.setAccess(rules('second'));
  const open = { kind: 'url' as const, url: 'https://second/a' };
  const number = heard.length;
  await pool.worker(1).ask(async (api) => void (await api.open(open)));
  const told = (one: number) => heard.filter((line) => line.startsWith(`${one} `) && !/configure|share/.test(line));
  expect(told(0)).toEqual(['0 setAccess first', '0 setAccess second']);
  expect(told(number)).toEqual([`${number} setAccess second`, `${number} open `]);
});
