/**
 * `npm run crash [-- --rounds N] [--seed N] [--kills N] [--store folder|server|versitygw]`: kills the parts of a relay, each a process of its own, again and again, and compares what is published with what was
 * produced. A round that fails is named by its seed.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundleCrashPart, type CrashOptions, crashRound } from '../relay/testing/crash.ts';
import { findS3Gateway, startS3Gateway } from '../workers/testing/realServers.ts';
import { startS3Server } from '../workers/testing/s3Server.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    kills: { type: 'string', default: '12' },
    store: { type: 'string', default: 'folder' },
  },
});
const [rounds, first, kills] = [values.rounds, values.seed, values.kills].map(Number) as [number, number, number];

type Store = Awaited<ReturnType<typeof startStore>>;
async function startStore() {
  if (values.store === 'folder') return undefined;
  const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', region: 'eu-west-3' };
  const gateway = values.store === 'versitygw' ? findS3Gateway() : undefined;
  if (values.store === 'versitygw' && !gateway) throw new Error('versitygw is not here: npm run servers');
  if (!gateway) return { ...keys, ...(await startS3Server({ objects: new Map(), ...keys })) };
  const server = await startS3Gateway(gateway);
  await server.owner.fetch(`${server.endpoint}/bucket`, { method: 'PUT' });
  return server;
}

function placeIn(store: Store, seed: number): Pick<CrashOptions, 'store'> {
  if (!store) return {};
  const environment = {
    AWS_ENDPOINT_URL: store.endpoint,
    AWS_ACCESS_KEY_ID: store.accessKeyId,
    AWS_SECRET_ACCESS_KEY: store.secretAccessKey,
    AWS_REGION: store.region,
  };
  return { store: { address: `s3://bucket/round-${seed}`, environment } };
}

const cache = fileURLToPath(new URL('../node_modules/', import.meta.url));
const folder = await mkdtemp(join(cache, '.crash-'));
const store = await startStore();
let failed = 0;
const killed: Record<string, number> = {};
try {
  const script = await bundleCrashPart(folder);
  for (let seed = first; seed < first + rounds; seed++) {
    const result = await crashRound({ seed, kills, script, ...placeIn(store, seed) });
    for (const [name, count] of Object.entries(result.kills)) killed[name] = (killed[name] ?? 0) + count;
    const said = result.faults.length === 0 ? 'as produced' : `WRONG\n  ${result.faults.join('\n  ')}`;
    process.stdout.write(`seed ${seed}: ${(result.ms / 1000).toFixed(1)} s, ${said}\n`);
    if (result.faults.length > 0) failed++;
  }
} finally {
  await store?.close();
  await rm(folder, { recursive: true, force: true });
}
const all = Object.values(killed).reduce((sum, count) => sum + count, 0);
process.stdout.write(`${rounds} rounds, ${all} kills (${JSON.stringify(killed)}), ${failed} wrong\n`);
process.exit(failed > 0 ? 1 : 0);
