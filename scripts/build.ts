/** The whole build: what is generated, the demo data, the app into `dist/`, the command line tool into `dist-cli/`. */
import { runStep } from './runStep.ts';
import { isUpToDate } from './upToDate.ts';

const DEMO = 'public/demo/lumiscope-demo.parquet';

try {
  await runStep('tsx', ['scripts/generate.ts']);
  if (!isUpToDate([DEMO], ['scripts/demo-data.ts', 'scripts/demo'])) await runStep('tsx', ['scripts/demo-data.ts']);
  await runStep('vite', ['build']);
  await runStep('vite', ['build', '--config', 'vite.cli.config.ts']);
} catch (error) {
  process.stderr.write(`build: ${(error as Error).message}\n`);
  process.exit(1);
}
