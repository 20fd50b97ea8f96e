/**
 * `npm test`: every check, in the order in which a mistake is cheapest to find; stops at the first failure. The last
 * line sums the tests: `N passed, N failed`, with `, K skipped` where there are any.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureChromium } from './chromium.ts';
import { runStep, runTogether } from './runStep.ts';

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const NONE: Counts = { passed: 0, failed: 0, skipped: 0 };

const reports = mkdtempSync(join(tmpdir(), 'lumiscope-test-'));
const unitReport = join(reports, 'units.json');
const browserReport = join(reports, 'browser.json');

const STEPS: { name: string; run: () => Promise<void> }[] = [
  { name: 'generated sources', run: () => runStep('tsx', ['scripts/generate.ts']) },
  {
    // Each leaves cores idle for the most part.
    name: 'types; format, lint, layers, import cycles; production build',
    run: () =>
      runTogether([
        ['tsc', ['--noEmit']],
        ['biome', ['ci', '--max-diagnostics=50']],
        ['tsx', ['scripts/build.ts']],
      ]),
  },
  {
    name: 'units',
    // Tests of the WebGPU engine take Chromium's software adapter.
    run: () => runStep('vitest', ['run'], { LUMISCOPE_CHROMIUM: ensureChromium(), LUMISCOPE_VITEST_JSON: unitReport }),
  },
  {
    name: 'browser',
    run: () =>
      runStep('playwright', ['test'], {
        LUMISCOPE_CHROMIUM: ensureChromium(),
        LUMISCOPE_PLAYWRIGHT_JSON: browserReport,
      }),
  },
];

const started = performance.now();
let failure: string | undefined;
for (const [index, { name, run }] of STEPS.entries()) {
  process.stdout.write(`\n── ${index + 1}/${STEPS.length} ${name} ${'─'.repeat(Math.max(0, 60 - name.length))}\n`);
  const begin = performance.now();
  try {
    await run();
    process.stdout.write(`── ${name}: ${seconds(begin)}\n`);
  } catch (error) {
    failure = `${name}: ${(error as Error).message}`;
    break;
  }
}

const units = read(unitReport, (report: VitestReport) => ({
  passed: report.numPassedTests,
  failed: report.numFailedTests,
  skipped: report.numPendingTests + report.numTodoTests,
}));
const browser = read(browserReport, ({ stats }: PlaywrightReport) => ({
  passed: stats.expected + stats.flaky,
  failed: stats.unexpected,
  skipped: stats.skipped,
}));

const passed = units.passed + browser.passed;
const skipped = units.skipped + browser.skipped;
// A step that is no test (types, lint, build) or that broke before it could count still fails.
const failed = units.failed + browser.failed || (failure ? 1 : 0);
process.stdout.write(`\n${failure ? `failed at ${failure}` : 'all steps passed'} after ${seconds(started)}\n`);
const again = read(browserReport, ({ stats }: PlaywrightReport) => ({ ...NONE, failed: stats.flaky })).failed;
if (again > 0) process.stdout.write(`${again} browser tests passed on their second try only: see "flaky" above\n`);
rmSync(reports, { recursive: true });
process.stdout.write(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}\n`);
process.exit(failure ? 1 : 0);

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
}

interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
}

/** Counts of a JSON report; zeros where the step did not get to write one. */
function read<T>(path: string, count: (report: T) => Counts): Counts {
  try {
    return count(JSON.parse(readFileSync(path, 'utf8')) as T);
  } catch {
    return NONE;
  }
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
