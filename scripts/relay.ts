/** `npm run relay -- OPTIONS`: builds what is missing or older than its sources, then runs the built relay. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { runStep } from './runStep.ts';
import { isUpToDate, root } from './upToDate.ts';

const SOURCES = [
  'app',
  'core',
  'gpu-kernels',
  'public',
  'relay',
  'workers',
  'index.html',
  'vite.config.ts',
  'vite.cli.config.ts',
];

try {
  if (!isUpToDate(['dist/index.html', 'dist-cli/relay.js'], SOURCES)) {
    process.stderr.write('building …\n');
    await runStep('tsx', ['scripts/build.ts']);
  }
} catch (error) {
  process.stderr.write(`relay: ${(error as Error).message}\n`);
  process.exit(1);
}
const relay = spawn(process.execPath, [join(root, 'dist-cli/relay.js'), ...process.argv.slice(2)], {
  stdio: 'inherit',
});
// The terminal sends its signals to the relay, too; what others send is passed on.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => relay.kill('SIGTERM'));
relay.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
