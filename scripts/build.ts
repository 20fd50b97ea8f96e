/** The whole build: what is generated, the demo data, the app into `dist/`, the command line tool into `dist-cli/`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runStep } from './runStep.ts';
import { isUpToDate, root } from './upToDate.ts';

const DEMO = 'public/demo/lumiscope-demo.parquet';

await runStep('tsx', ['scripts/generate.ts']);
if (!isUpToDate([DEMO], ['scripts/demo-data.ts', 'scripts/demo'])) await runStep('tsx', ['scripts/demo-data.ts']);
await runStep('vite', ['build']);
if (existsSync(join(root, 'vite.cli.config.ts'))) await runStep('vite', ['build', '--config', 'vite.cli.config.ts']);
