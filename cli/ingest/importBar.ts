import type { WriteStream } from 'node:tty';
import type { ImportProgress } from '../../workers/ingest/legacy/importRecords.ts';
import { progressLine } from '../progressBar.ts';

/** How often the line changes, in ms. */
const PAUSE = 100;

/** A line on a terminal that shows how far an import is. */
export class ImportBar {
  readonly #out: WriteStream | undefined;
  #bytes = 0;
  #start = 0;
  #shown = 0;
  /** Read by an earlier try. */
  #before: { records: number; bytes: number } | undefined;

  constructor(out: WriteStream | undefined) {
    this.#out = out;
  }

  /** @param bytes of all inputs @param isKnown whether that is all */
  begin(bytes: number, isKnown: boolean): void {
    this.#bytes = isKnown ? bytes : 0;
    this.#start = performance.now();
  }

  readonly show = (progress: ImportProgress): void => {
    const now = performance.now();
    if (!this.#out || (now - this.#shown < PAUSE && progress.step === 'read')) return;
    this.#shown = now;
    if (progress.step === 'stage') {
      this.#write(`${format(progress.records)} of ${format(progress.of)} records staged`);
      return;
    }
    const { records, bad, bytesRead } = progress;
    this.#before ??= { records, bytes: bytesRead };
    const seconds = (now - this.#start) / 1000;
    const own = records - this.#before.records;
    const share = bytesRead - this.#before.bytes;
    const left = this.#bytes - this.#before.bytes;
    const line =
      this.#bytes > 0 && share > 0
        ? progressLine({ events: own, totalEvents: (own * left) / share, bytes: bytesRead, seconds, unit: 'records' })
        : `${format(records)} records  ${format(seconds > 0 ? Math.round(own / seconds) : 0)} records/s`;
    this.#write(bad > 0 ? `${line}  ${format(bad)} bad lines` : line);
  };

  readonly clear = (): void => {
    this.#out?.write('\r\x1b[K');
  };

  #write(line: string): void {
    this.#out?.write(`\r${line.slice(0, (this.#out.columns || 80) - 1)}\x1b[K`);
  }
}

const format = (count: number) => count.toLocaleString('en');
