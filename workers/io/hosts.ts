/**
 * What this thread knows of each host and does with it: how many requests are in flight, who waits for a place, and what asking costs.
 */
import { cancelled } from './errors.ts';

/**
 * Requests in flight to one host, over all threads of a session. To HTTP/1.1 hosts browsers keep six connections, and hold the rest
 * back; HTTP/2 carries all of them on one.
 */
export const MOST_IN_FLIGHT = 8;

/** Bytes across which ranges are fetched as one while nothing is measured: 20 ms of latency at 25 Mbit/s. */
const FIRST_GAP = 64 * 1024;
const LEAST_GAP = 16 * 1024;
const MOST_GAP = 256 * 1024;
/** Answers before the measured cost counts. */
const LEAST_SAMPLES = 8;
/** Shorter bodies come with the headers, and tell nothing of the throughput. */
const LEAST_BODY = 32 * 1024;
/** Weight of the newest sample. */
const FRESH = 0.25;

interface Waiting {
  bulk: boolean;
  go(): void;
}

/** Signals of work that waits for whatever else there is to ask. */
const bulk = new WeakSet<AbortSignal>();

/** Reads with this signal let all others go first: a run's, beside a file that is opened or an event that is looked at. */
export function asBulk(signal: AbortSignal): AbortSignal {
  bulk.add(signal);
  return signal;
}

/** As `AbortSignal.any`; bulk where the first one is. */
export function anyOf(signal: AbortSignal | undefined, other: AbortSignal): AbortSignal {
  if (!signal) return other;
  const any = AbortSignal.any([signal, other]);
  return bulk.has(signal) ? asBulk(any) : any;
}

/**
 * A signal that fires with another one, to listen to: of one signal there are many listeners, and Node warns of more than ten.
 */
export function alike(signal: AbortSignal | undefined): AbortSignal | undefined {
  return signal && AbortSignal.any([signal]);
}

const hosts = new Map<string, Host>();
let lanes = MOST_IN_FLIGHT;

/** How many of a host's places this thread may take. */
export function shareLanes(count: number): void {
  lanes = Math.max(1, count);
  for (const host of hosts.values()) host.next();
}

/** The host of an address. */
export function hostOf(url: string): Host {
  const { origin } = new URL(url);
  const host = hosts.get(origin) ?? new Host();
  hosts.set(origin, host);
  return host;
}

class Host {
  /** Whether it ever answered. */
  answered = false;
  #inFlight = 0;
  #waiting: Waiting[] = [];
  #samples = 0;
  /** Seconds from the request to the headers. */
  #latency = 0;
  /** Bytes a second of one body. */
  #throughput = 0;

  /** Waits for a place, in order, bulk last. @throws LumiscopeError `cancelled` */
  async run<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    if (signal?.aborted) throw cancelled();
    if (this.#inFlight >= lanes) await this.#turn(signal);
    else this.#inFlight++;
    try {
      return await work();
    } finally {
      this.#inFlight--;
      this.next();
    }
  }

  /** Lets those in who have a place now. */
  next(): void {
    while (this.#inFlight < lanes && this.#waiting.length > 0) {
      const first = this.#waiting.findIndex((one) => !one.bulk);
      this.#inFlight++;
      this.#waiting.splice(Math.max(0, first), 1)[0]!.go();
    }
  }

  heard(seconds: number): void {
    this.answered = true;
    this.#latency = mean(this.#latency, seconds);
    this.#samples++;
  }

  received(bytes: number, seconds: number): void {
    if (bytes >= LEAST_BODY && seconds > 0) this.#throughput = mean(this.#throughput, bytes / seconds);
  }

  /**
   * Bytes that come in the time which another request takes. The throughput is that of one of several bodies at once, so that the time is
   * shared by as many.
   */
  get gap(): number {
    const worth = this.#samples < LEAST_SAMPLES ? 0 : this.#latency * this.#throughput;
    return worth === 0 ? FIRST_GAP : Math.round(Math.min(MOST_GAP, Math.max(LEAST_GAP, worth)));
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = alike(signal);
      const leave = () => {
        this.#waiting = this.#waiting.filter((one) => one !== waiting);
        reject(cancelled());
      };
      const waiting: Waiting = {
        bulk: signal !== undefined && bulk.has(signal),
        go() {
          cancel?.removeEventListener('abort', leave);
          resolve();
        },
      };
      this.#waiting.push(waiting);
      cancel?.addEventListener('abort', leave, { once: true });
    });
  }
}

function mean(before: number, now: number): number {
  return before === 0 ? now : before + FRESH * (now - before);
}
