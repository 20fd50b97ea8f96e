import { expect, test } from 'vitest';
import type { MonitorSnapshot } from '../../core/ingest/monitorSnapshot.ts';
import { type Connection, watchRelay } from './watchRelay.ts';

const SNAPSHOT: MonitorSnapshot = {
  version: 1,
  at: 1000,
  started: 0,
  totals: {
    published: { datasets: 0, events: 0, bytes: 0 },
    staged: { objects: 0, bytes: 0 },
    chosen: 0,
    duplicates: 0,
    waiting: 0,
    duplicateEvents: 0,
    takeovers: 0,
    errors: { api: 0, supervisor: 0, consumer: 0, proxy: 0, store: 0 },
    proxy: { requests: 0, fromCache: 0, bytes: 0 },
  },
  producers: { shown: [], more: 0 },
  datasets: { counts: { UNDECLARED: 0, COLLECTING: 0, VALIDATED: 0, INSERTING: 0, DONE: 0, FAIL: 0 }, shown: [] },
  consumers: { shown: [], more: 0 },
  alarms: { shown: [], more: 0 },
  throughput: { stepMs: 5000, end: 0, announced: [], inserted: [], staged: [] },
  traversal: { bounds: [], counts: [] },
  selfTest: { running: false },
  may: { retry: false, test: false },
};

const event = (name: string, data: unknown) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

function stream(...pieces: string[]): Response {
  const body = new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
      controller.close();
    },
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream; charset=utf-8' } });
}

/** Answers one after the other; after the last one the watch is ended. */
async function watched(answers: (() => Response | Promise<Response>)[], silenceMs?: number) {
  const abort = new AbortController();
  const connections: Connection[] = [];
  const snapshots: MonitorSnapshot[] = [];
  const pauses: number[] = [];
  const asked: string[] = [];
  await watchRelay({
    relay: 'https://relay.example/path/',
    send: async (url, { signal }) => {
      asked.push(url);
      const answer = answers.shift();
      if (!answer) {
        abort.abort();
        throw new DOMException('', 'AbortError');
      }
      return Promise.race([
        answer(),
        new Promise<never>((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason))),
      ]);
    },
    onConnection: (connection) => connections.push(connection),
    onSnapshot: (snapshot) => snapshots.push(snapshot),
    signal: abort.signal,
    pause: async (ms) => void pauses.push(ms),
    ...(silenceMs !== undefined && { silenceMs }),
  });
  return { states: connections.map(({ state }) => state), connections, snapshots, pauses, asked };
}

test('sections that change take the place of those that were', async () => {
  const whole = event('snapshot', SNAPSHOT);
  const change = event('change', {
    at: 2000,
    alarms: { shown: [{ alarm: 'disk', reason: 'full', since: 5 }], more: 0 },
  });
  const text = `${whole}: beat\n\n${change}`;
  // In pieces as the network likes.
  const { snapshots, states, asked } = await watched([
    () => stream(text.slice(0, 50), text.slice(50, 900), text.slice(900)),
  ]);
  expect(asked[0]).toBe('https://relay.example/path/v1/monitor/stream');
  expect(states).toEqual(['connecting', 'live', 'lost']);
  expect(snapshots).toHaveLength(2);
  expect(snapshots[1]).toEqual({
    ...SNAPSHOT,
    at: 2000,
    alarms: { shown: [{ alarm: 'disk', reason: 'full', since: 5 }], more: 0 },
  });
});

test('what breaks off is tried again, later each time, and from the start once it worked', async () => {
  const refused = () => Promise.reject(new TypeError('network'));
  const { pauses, connections } = await watched([
    refused,
    refused,
    refused,
    () => new Response('', { status: 502 }),
    () => stream(event('snapshot', SNAPSHOT)),
    refused,
  ]);
  const longest = [1000, 2000, 4000, 8000, 1000, 2000];
  expect(pauses).toHaveLength(6);
  pauses.forEach((ms, k) => {
    expect(ms).toBeLessThanOrEqual(longest[k]!);
    expect(ms).toBeGreaterThanOrEqual(longest[k]! * 0.7);
  });
  expect(connections[1]).toMatchObject({ state: 'lost', reason: 'the relay does not answer' });
  expect(connections[4]).toMatchObject({ state: 'lost', reason: 'the relay answers 502' });
});

test('a relay that falls silent is asked again', async () => {
  const { connections } = await watched([() => new Promise<Response>(() => undefined)], 20);
  expect(connections[1]).toMatchObject({ state: 'lost', reason: 'the relay fell silent' });
});

test.each([
  ['a token is missing', () => new Response('', { status: 401 }), { state: 'refused', status: 401 }],
  ['there is nothing', () => new Response('', { status: 404 }), { state: 'absent' }],
  ['a page answers', () => new Response('<html>', { headers: { 'content-type': 'text/html' } }), { state: 'absent' }],
  ['another version', () => stream(event('snapshot', { ...SNAPSHOT, version: 2 })), { state: 'absent' }],
])('trying again is no use where %s', async (_, answer, connection) => {
  const { connections, asked } = await watched([answer]);
  expect(connections.at(-1)).toMatchObject(connection);
  expect(asked).toHaveLength(1);
});
