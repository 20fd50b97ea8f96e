/**
 * Makes what types, tests and build need and git does not hold: the compiled libm, decompressors and decoders, and the data of the examples. Does
 * nothing where the outputs are newer than their sources. No step needs what another makes: as many run at once as there are cores.
 */
import { availableParallelism } from 'node:os';
import { runStep } from './runStep.ts';
import { isUpToDate } from './upToDate.ts';

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

const waiting = STEPS.filter(({ outputs, sources }) => !isUpToDate(outputs, sources));

async function work(): Promise<void> {
  // The last ones take longest.
  for (let step = waiting.pop(); step; step = waiting.pop()) await runStep(process.execPath, step.command);
}

try {
  await Promise.all(Array.from({ length: availableParallelism() }, work));
} catch (error) {
  process.stderr.write(`generate: ${(error as Error).message}\n`);
  process.exit(1);
}
