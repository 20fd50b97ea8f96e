/**
 * Makes what types, tests and build need and git does not hold: the compiled libm, and the data of the examples. Does
 * nothing where the outputs are newer than their sources.
 */
import { spawnSync } from 'node:child_process';
import { isUpToDate, root } from './upToDate.ts';

const STEPS = [
  {
    name: 'libm',
    command: ['scripts/build-libm.mjs'],
    sources: ['scripts/build-libm.mjs', 'workers/engine/libm/assembly', 'node_modules/assemblyscript/package.json'],
    outputs: ['workers/engine/libm/libm.generated.ts'],
  },
  {
    name: 'demo data',
    command: ['--import', 'tsx', 'scripts/demo-data.ts'],
    sources: ['scripts/demo-data.ts', 'scripts/demo'],
    outputs: ['lumiscope-demo', 'higgs-signal', 'higgs-zz', 'higgs-jets'].map((name) => `public/demo/${name}.parquet`),
  },
];

for (const { command, sources, outputs } of STEPS) {
  if (isUpToDate(outputs, sources)) continue;
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
