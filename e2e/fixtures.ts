/**
 * What every browser test stands on: the production build, served under a sub-path as a plain static host would,
 * and a guard that fails the test for anything that a user would not forgive.
 *
 * ```ts
 * test('opens the demo', async ({ page, app }) => {
 *   await page.goto(app.url);
 * });
 * test('says which host refused', async ({ page, app, guard }) => {
 *   guard.allow(/^http:\/\/localhost:\d+\/no-cors/);
 * });
 * ```
 */
import { fileURLToPath } from 'node:url';
import { type BrowserContext, test as base, expect, type Request } from '@playwright/test';
import { type StaticServer, serveFolder } from '../scripts/staticServer.ts';
import { type FaultyServer, startFaultyServer } from '../workers/testing/faultyServer.ts';

export { expect };

const DIST = fileURLToPath(new URL('../dist', import.meta.url));

/** Not the root, so that an absolute address in the build is a failed request. */
const SUB_PATH = '/some/sub-path/';

interface WorkerFixtures {
  /** The app on a free port; `url` ends with a slash. */
  app: StaticServer;
  /** The demo's data on another host, which misbehaves where a request says so. */
  elsewhere: FaultyServer;
}

interface TestFixtures {
  guard: Guard;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  app: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures that are wanted from the pattern
    async ({}, use) => {
      const server = await serveFolder(DIST, { base: SUB_PATH });
      await use(server);
      await server.close();
    },
    { scope: 'worker' },
  ],
  elsewhere: [
    // biome-ignore lint/correctness/noEmptyPattern: as above
    async ({}, use) => {
      const server = await startFaultyServer(`${DIST}/demo`);
      await use(server);
      await server.close();
    },
    { scope: 'worker' },
  ],
  baseURL: ({ app }, use) => use(app.url),
  guard: [
    async ({ context, app }, use) => {
      const guard = new Guard(context, new URL(app.url).origin);
      await use(guard);
      expect(guard.problems(), 'problems that the page had').toEqual([]);
    },
    { auto: true },
  ],
});

/** Collects console errors, uncaught errors, failed requests and requests to other hosts, workers' included. */
export class Guard {
  readonly #allowed: RegExp[] = [];
  readonly #problems: { text: string; about: string }[] = [];
  /** Every address that was asked for, in order. */
  readonly requested: string[] = [];

  constructor(context: BrowserContext, origin: string) {
    context.on('request', (request) => {
      const url = request.url();
      this.requested.push(url);
      if (!isOwn(url, origin)) this.#add(`request to another host: ${url}`, url);
    });
    context.on('requestfailed', (request) => {
      const reason = request.failure()?.errorText ?? 'failed';
      // The page's own doing: a cancelled run, a closed page.
      if (reason !== 'net::ERR_ABORTED') this.#add(`${reason}: ${named(request)}`, request.url());
    });
    context.on('response', (response) => {
      if (response.status() >= 400) this.#add(`${response.status()}: ${named(response.request())}`, response.url());
    });
    context.on('console', (message) => {
      if (message.type() !== 'error') return;
      this.#add(`console: ${message.text()}`, `${message.text()} ${message.location().url}`);
    });
    context.on('weberror', (error) => {
      this.#add(`uncaught: ${error.error().stack ?? error.error().message}`, error.error().message);
    });
  }

  /** Expects problems whose address or text matches: only what the test is about. */
  allow(pattern: RegExp): void {
    this.#allowed.push(pattern);
  }

  /** What happened and was not allowed. */
  problems(): string[] {
    return this.#problems.filter(({ about }) => !this.#allowed.some((one) => one.test(about))).map(({ text }) => text);
  }

  #add(text: string, about: string): void {
    this.#problems.push({ text, about });
  }
}

/** Blobs and data are made by the page itself. */
function isOwn(url: string, origin: string): boolean {
  return url.startsWith('data:') || url.startsWith('blob:') || new URL(url).origin === origin;
}

const named = (request: Request): string => `${request.method()} ${request.url()}`;
