/**
 * Makes what types, tests and build need and git does not hold: the compiled libm, decompressors and decoders, and the data of the examples. Does
 * nothing where the outputs are newer than their sources.
 */
import { spawnSync } from 'node:child_process';
import { isUpToDate, root } from './upToDate.ts';

const ASSEMBLER = ['scripts/assembly.mjs', 'node_modules/assemblyscript/package.json'];

const STEPS = [
  {
    name: 'libm',
    command: ['scripts/build-libm.mjs'],
    sources: ['scripts/build-libm.mjs', 'workers/engine/libm/assembly', ...ASSEMBLER],
    outputs: ['workers/engine/libm/libm.generated.ts'],
  },
  {
    name: 'kernels',
    command: ['scripts/build-kernels.mjs'],
    sources: ['scripts/build-kernels.mjs', 'workers/formats/kernels/assembly', ...ASSEMBLER],
    outputs: ['workers/formats/kernels/kernels.generated.ts'],
  },
  {
    name: 'elements',
    command: ['scripts/build-elements.mjs'],
    sources: ['scripts/build-elements.mjs', 'workers/formats/root/ntuple/kernels/assembly', ...ASSEMBLER],
    outputs: ['workers/formats/root/ntuple/kernels/elements.generated.ts'],
  },
  {
    name: 'counting',
    command: ['scripts/build-counting.mjs'],
    sources: ['scripts/build-counting.mjs', 'workers/catalogue/kernels/assembly', ...ASSEMBLER],
    outputs: ['workers/catalogue/kernels/counting.generated.ts'],
  },
  {
    name: 'demo data',
    command: ['--import', 'tsx', 'scripts/demo-data.ts'],
    sources: ['scripts/demo-data.ts', 'scripts/demo'],
    outputs: ['lumiscope-demo', 'higgs-signal', 'higgs-zz', 'higgs-jets'].map((name) => `public/demo/${name}.parquet`),
  },
  {
    name: 'demo catalogue',
    command: ['--import', 'tsx', 'scripts/demo-catalogue.ts'],
    sources: [
      'scripts/demo-catalogue.ts',
      'workers/catalogue/generate',
      'workers/catalogue/write',
      'workers/formats/parquet/write',
      'core/catalogue',
    ],
    outputs: ['public/demo/catalogue/manifest.json'],
  },
];

for (const { command, sources, outputs } of STEPS) {
  if (isUpToDate(outputs, sources)) continue;
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
