/**
 * The live view as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): `snapshot` at once, then `change` with the sections that
 * differ, at most one a second. Nothing is buffered for who reads too slowly: they are dropped, and get a snapshot when they come back; for the same reason
 * `Last-Event-ID` is not asked for.
 */
import type { ServerResponse } from 'node:http';
import type { MonitorSnapshot } from '../../core/ingest/monitorSnapshot.ts';

/** A comment that tells both sides that the other one is there. */
const BEAT_MS = 15_000;
/** Bytes that may wait for a client. */
const BACKLOG = 1 << 20;

type May = MonitorSnapshot['may'];

export class MonitorStreams {
  readonly #snapshot: () => MonitorSnapshot;
  readonly #most: number;
  readonly #beatMs: number;
  /** Each with the text of the sections as they were sent last. */
  readonly #open = new Map<ServerResponse, Map<string, string>>();
  #beat: NodeJS.Timeout | undefined;

  constructor(
    snapshot: () => MonitorSnapshot,
    { most = 64, beatMs = BEAT_MS }: { most?: number; beatMs?: number } = {},
  ) {
    this.#snapshot = snapshot;
    this.#most = most;
    this.#beatMs = beatMs;
  }

  get isFull(): boolean {
    return this.#open.size >= this.#most;
  }

  /** Begins to send. The response's head has been written. @param may what this client may do */
  add(response: ServerResponse, may: May): void {
    // Its client may be gone by now: that is told once.
    if (response.destroyed) return;
    response.once('close', () => this.#remove(response));
    const snapshot = { ...this.#snapshot(), may };
    const sections = textOfSections(snapshot);
    this.#open.set(response, sections);
    this.#beat ??= setInterval(() => {
      for (const one of this.#open.keys()) send(one, ': beat\n\n');
    }, this.#beatMs);
    send(response, eventText('snapshot', snapshot.at, sections));
  }

  /** Sends what changed to everybody. */
  tell(): void {
    if (this.#open.size === 0) return;
    const snapshot = this.#snapshot();
    // Who may do what stays as it was when the stream began.
    const { may: _, ...shared } = snapshot;
    const sections = textOfSections(shared);
    for (const [response, sent] of this.#open) {
      const changed = new Map([...sections].filter(([name, text]) => sent.get(name) !== text));
      if (changed.size === 0) continue;
      for (const [name, text] of changed) sent.set(name, text);
      send(response, eventText('change', snapshot.at, changed));
    }
  }

  /** Ends all: the relay stops. */
  end(): void {
    for (const response of this.#open.keys()) response.end();
  }

  #remove(response: ServerResponse): void {
    this.#open.delete(response);
    if (this.#open.size > 0) return;
    clearInterval(this.#beat);
    this.#beat = undefined;
  }
}

function textOfSections({ at: _, ...sections }: Partial<MonitorSnapshot>): Map<string, string> {
  return new Map(Object.entries(sections).map(([name, section]) => [name, JSON.stringify(section)]));
}

function eventText(event: string, at: number, sections: ReadonlyMap<string, string>): string {
  const members = [...sections].map(([name, text]) => `,${JSON.stringify(name)}:${text}`);
  return `event: ${event}\ndata: {"at":${at}${members.join('')}}\n\n`;
}

function send(response: ServerResponse, text: string): void {
  if (response.writableLength > BACKLOG) response.destroy();
  else response.write(text);
}
