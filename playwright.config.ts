import { defineConfig } from '@playwright/test';
import { CHROMIUM_FLAGS, findChromium } from './scripts/chromium.ts';

/** Drives the production build (`npm run build` first); `e2e/fixtures.ts` serves it. */
export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  workers: process.env.LUMISCOPE_E2E_WORKERS ? Number(process.env.LUMISCOPE_E2E_WORKERS) : 2,
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  // One of 150 tests that a busy machine starves is tried once more; `npm test` names it.
  retries: process.env.CI ? 1 : 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: process.env.LUMISCOPE_PLAYWRIGHT_JSON
    ? [['list'], ['json', { outputFile: process.env.LUMISCOPE_PLAYWRIGHT_JSON }]]
    : [['list']],
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 800 },
    // A trace of each action takes a third of a test's time: in CI only a test's second try has one.
    trace: process.env.CI ? 'on-first-retry' : 'retain-on-failure',
    // They would fetch the whole app in each test; `storage.spec.ts` allows them.
    serviceWorkers: 'block',
    launchOptions: { executablePath: findChromium(), args: CHROMIUM_FLAGS },
  },
});
