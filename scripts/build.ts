/** The whole build: what is generated, the app into `dist/`, the command line tool into `dist-cli/`. */
import { runStep } from './runStep.ts';

try {
  await runStep('tsx', ['scripts/generate.ts']);
  await runStep('vite', ['build']);
  await runStep('vite', ['build', '--config', 'vite.cli.config.ts']);
} catch (error) {
  process.stderr.write(`build: ${(error as Error).message}\n`);
  process.exit(1);
}
