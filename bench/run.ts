/**
 * `npm run bench [-- name …]`: runs the benchmarks one after the other, each in a process of its own so that none
 * inherits another's heap or compiled code, and prints their tables.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { gpuEnvironment } from './gpuEnvironment.ts';

const BENCHES = [
  'parquet',
  'convert',
  'root',
  'fill',
  'slice',
  'nine',
  'adl',
  'remote',
  'startup',
  'editing',
  'cache',
  'brush',
  'catalogueOverlap',
  'relayApi',
  'gpu',
  'gpuFill',
  'cataloguePick',
  'rangeProxy',
  'legacy',
  'ingest',
  'produce',
];
/** Those that need an adapter. */
const GPU_BENCHES = ['gpu', 'gpuFill', 'catalogueOverlap'];

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !BENCHES.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`no benchmark is called ${unknown.join(', ')}; there are ${BENCHES.join(', ')}\n`);
  process.exit(1);
}

let failed = 0;
for (const name of asked.length > 0 ? asked : BENCHES) {
  const path = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  const env = GPU_BENCHES.includes(name) ? { ...process.env, ...gpuEnvironment() } : process.env;
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', path], { stdio: 'inherit', env });
  if (status !== 0) {
    process.stderr.write(`${name} failed\n`);
    failed++;
  }
}
process.exit(failed > 0 ? 1 : 0);
