import type { WriteStream } from 'node:tty';
import type { SaveProgress } from '../workers/savedFile.ts';
import type { RunProgress } from '../workers/session.ts';
import { formatBytes } from './text.ts';

const WIDTH = 20;

/** Of a run the bytes that were read, of a file that is saved those that were written. */
type Shown = Pick<RunProgress | SaveProgress, 'events' | 'totalEvents' | 'bytes' | 'seconds'> & {
  /** Where they are no events: `records`. */
  unit?: string;
};

/** A line on a terminal that shows how far a run is: events, events/s, bytes and time left. */
export class ProgressBar {
  readonly #out: WriteStream;

  constructor(out: WriteStream) {
    this.#out = out;
  }

  show(progress: Shown): void {
    this.#out.write(`\r${progressLine(progress).slice(0, (this.#out.columns || 80) - 1)}\x1b[K`);
  }

  clear(): void {
    this.#out.write('\r\x1b[K');
  }
}

export function progressLine({ events, totalEvents, bytes, seconds, unit = 'events' }: Shown): string {
  const share = totalEvents > 0 ? events / totalEvents : 1;
  const bar = '█'.repeat(Math.floor(share * WIDTH)).padEnd(WIDTH, '░');
  const rate = seconds > 0 ? events / seconds : 0;
  const left = rate > 0 ? `${Math.ceil((totalEvents - events) / rate)} s left` : '';
  const speed = `${Math.round(rate).toLocaleString('en')} ${unit}/s`;
  return [
    bar,
    `${Math.floor(100 * share)} %`,
    `${events.toLocaleString('en')} ${unit}`,
    speed,
    formatBytes(bytes),
    left,
  ]
    .join('  ')
    .trimEnd();
}
