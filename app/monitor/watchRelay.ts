import { createParser } from 'eventsource-parser';
import { type MonitorSnapshot, monitorChangeSchema, monitorSnapshotSchema } from '../../core/ingest/monitorSnapshot.ts';

/** How this page stands with a relay. */
export type Connection =
  | { state: 'connecting' }
  | { state: 'live' }
  /** Tried again at `retryAt` (ms, as `Date.now()` counts). */
  | { state: 'lost'; reason: string; retryAt: number }
  /** It wants a token, or another one. */
  | { state: 'refused'; status: number }
  /** What answers there is no relay. */
  | { state: 'absent'; reason: string };

export interface WatchOptions {
  /** Address of the relay, with a slash at its end. */
  relay: string;
  send: (url: string, init: RequestInit) => Promise<Response>;
  onConnection: (connection: Connection) => void;
  onSnapshot: (snapshot: MonitorSnapshot) => void;
  signal: AbortSignal;
  /** Ends early when something tells that it may work now. */
  pause?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** A relay that says nothing for so long is gone: it sends a beat every 15 s. */
  silenceMs?: number;
}

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 30_000;

/**
 * Follows a relay until the signal: its snapshot, and what changes of it. What breaks off is tried again, after 1 s, 2 s, and so on up to 30 s, each shortened by chance, so that a relay
 * that comes back is not asked by everybody at once. Comes back early where trying again is no use.
 */
export async function watchRelay(options: WatchOptions): Promise<void> {
  const { onConnection, signal, pause = pauseFor } = options;
  onConnection({ state: 'connecting' });
  let failures = 0;
  let wasLive = false;
  while (!signal.aborted) {
    const end = await follow(options, () => {
      failures = 0;
      wasLive = true;
      onConnection({ state: 'live' });
    });
    if (signal.aborted) return;
    // What was a relay a moment ago may be the page of a proxy while it starts again.
    if (end.state === 'refused' || (end.state === 'absent' && !wasLive)) return onConnection(end);
    const wait = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** failures) * (0.7 + 0.3 * Math.random());
    failures += 1;
    onConnection({ state: 'lost', reason: end.reason, retryAt: Date.now() + wait });
    await pause(wait, signal);
  }
}

type End = Extract<Connection, { state: 'refused' | 'absent' }> | { state: 'broken'; reason: string };

async function follow(
  { relay, send, onSnapshot, signal, silenceMs = 40_000 }: WatchOptions,
  onLive: () => void,
): Promise<End> {
  const silence = new AbortController();
  const startOver = () => setTimeout(() => silence.abort(), silenceMs);
  let watchdog = startOver();
  try {
    const response = await send(new URL('v1/monitor/stream', relay).href, {
      headers: { accept: 'text/event-stream' },
      cache: 'no-store',
      signal: AbortSignal.any([signal, silence.signal]),
    });
    if (response.status === 401 || response.status === 403) return { state: 'refused', status: response.status };
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
    if (response.status === 404 || (response.ok && !isStream))
      return {
        state: 'absent',
        reason: response.ok ? 'what answers there is no relay' : 'there is no relay at this address',
      };
    if (!response.ok || !response.body) return { state: 'broken', reason: await reasonOf(response) };
    let snapshot: MonitorSnapshot | undefined;
    const parser = createParser({
      onEvent({ event, data }) {
        if (event === 'snapshot') {
          snapshot = monitorSnapshotSchema.parse(JSON.parse(data));
          onLive();
        } else if (event === 'change' && snapshot)
          snapshot = { ...snapshot, ...withoutMissing(monitorChangeSchema.parse(JSON.parse(data))) };
        if (snapshot) onSnapshot(snapshot);
      },
    });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return { state: 'broken', reason: 'the relay ended the connection' };
      clearTimeout(watchdog);
      watchdog = startOver();
      parser.feed(value);
    }
  } catch (error) {
    if (silence.signal.aborted) return { state: 'broken', reason: 'the relay fell silent' };
    // Of zod: a relay of another version.
    if ((error as Error).name === 'ZodError')
      return { state: 'absent', reason: 'the relay speaks another version than this page' };
    return {
      state: 'broken',
      reason: (error as Error).name === 'TypeError' ? 'the relay does not answer' : (error as Error).message,
    };
  } finally {
    clearTimeout(watchdog);
    silence.abort();
  }
}

function withoutMissing<T extends object>(change: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as never;
}

/** What a relay says of an error; else its status. */
export async function reasonOf(response: Response): Promise<string> {
  const said = (await response.json().catch(() => undefined)) as
    | { error?: { what?: unknown; hint?: unknown } }
    | undefined;
  const { what, hint } = said?.error ?? {};
  if (typeof what !== 'string') return `the relay answers ${response.status}`;
  return typeof hint === 'string' ? `${what}: ${hint}` : what;
}

/** Ends early when the network is back. */
function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      window.removeEventListener('online', end);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    window.addEventListener('online', end);
    signal.addEventListener('abort', end);
  });
}
