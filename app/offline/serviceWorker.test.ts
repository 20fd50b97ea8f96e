import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';

const SCOPE = 'https://app.example/lumiscope/';
const SOURCE = readFileSync(new URL('./serviceWorker.js', import.meta.url), 'utf8');

/** The service worker, asked for addresses one after the other; `answers`: what the server says to each. */
function start(answers: Response[]) {
  const held = new Map<string, Response>();
  const cache = { put: async (request: Request, response: Response) => void held.set(request.url, response) };
  const listeners = new Map<string, (event: object) => void>();
  const self = {
    location: { href: `${SCOPE}sw.js` },
    skipWaiting: async () => {},
    addEventListener: (name: string, listener: (event: object) => void) => listeners.set(name, listener),
  };
  const caches = { open: async () => cache, match: async ({ url }: Request) => held.get(url)?.clone() };
  const source = SOURCE.replace("['__FILES__']", '["assets/b-1.js"]');
  runInNewContext(source, { self, caches, URL, Request, Error, fetch: async () => answers.shift() });
  const install = () =>
    new Promise((resolve, reject) => {
      listeners.get('install')!({ waitUntil: (work: Promise<void>) => work.then(resolve, reject) });
    });
  const ask = async (url: string): Promise<string | undefined> => {
    let answer: Promise<Response> | undefined;
    const respondWith = (response: Promise<Response>) => {
      answer = response;
    };
    listeners.get('fetch')!({ request: new Request(url), respondWith });
    const text = await (await answer)?.text();
    await new Promise((resolve) => setTimeout(resolve));
    return text;
  };
  return { ask, install };
}

const script = (text: string) => new Response(text, { headers: { 'Content-Type': 'text/javascript' } });
const page = (text: string) => new Response(text, { headers: { 'Content-Type': 'text/html; charset=utf-8' } });

test('a part of the app is asked for once', async () => {
  const { ask } = start([script('part')]);
  expect([await ask(`${SCOPE}assets/a-1.js`), await ask(`${SCOPE}assets/a-1.js`)]).toEqual(['part', 'part']);
});

test('a page that a host sends in place of what it has not is not kept for it', async () => {
  const { ask } = start([page('the page'), script('part')]);
  expect([await ask(`${SCOPE}assets/a-1.js`), await ask(`${SCOPE}assets/a-1.js`)]).toEqual(['the page', 'part']);
});

test('is installed with all that was built, or not at all', async () => {
  const whole = start([page('the page'), script('part')]);
  await whole.install();
  expect(await whole.ask(`${SCOPE}assets/b-1.js`)).toBe('part');
  await expect(start([page('the page'), page('the page')]).install()).rejects.toThrow('not there yet');
});

test('nothing but parts of the app is touched', async () => {
  const { ask } = start([]);
  for (const url of [`${SCOPE}demo/a.parquet`, `${SCOPE}config.json`, 'https://data.example/assets/a.js'])
    expect(await ask(url)).toBeUndefined();
});
