/** What happened in this process, as the Monitor shows it: producers, consumers, alarms, series. Every list is bounded, whoever sends whatever names. */
import type { Alarm, DatasetProgress, Happening } from '../../core/ingest/happening.ts';
import type { MonitorSnapshot, SelfTestResult } from '../../core/ingest/monitorSnapshot.ts';
import { Ring } from './ring.ts';

/** The last ten minutes, and the step that is being filled. */
const STEPS = 121;
const STEP_MS = 5000;
const RATE_STEPS = 7;
const RATE_STEP_MS = 10_000;
const PRODUCERS_KEPT = 1000;
const PRODUCERS_SHOWN = 100;
const CONSUMERS_SHOWN = 100;
const ALARMS_KEPT = 1000;
const ALARMS_SHOWN = 100;
/** An alarm that was not told again for so long is over; while it lasts it is told every ten minutes. */
const ALARM_LASTS_MS = 660_000;
/** These are of the store's moment; the others are told by the state of their dataset. */
const OF_THE_MOMENT: ReadonlySet<Alarm> = new Set<Alarm>(['store', 'disk']);
const DUPLICATES_KEPT = 100_000;

interface Producer {
  objects: number;
  again: number;
  bytes: number;
  events: number;
  lastSeen: number;
  rate: Ring;
}

interface Working {
  consumer: string;
  dataset: string;
  generation: number;
  attempt: number;
  done: number;
  since: number;
}

interface ActiveAlarm {
  alarm: Alarm;
  dataset?: string;
  reason: string;
  since: number;
  last: number;
}

export class LiveState {
  readonly started: number;
  readonly #now: () => number;
  readonly #producers = new Map<string, Producer>();
  /** By dataset: of two at the same one, the later one counts. */
  readonly #working = new Map<string, Working>();
  readonly #alarms = new Map<string, ActiveAlarm>();
  readonly #duplicates = new Set<string>();
  readonly #announced: Ring;
  readonly #inserted: Ring;
  readonly #staged: Ring;
  #selfTest: SelfTestResult | undefined;
  readonly totals = {
    duplicateEvents: 0,
    takeovers: 0,
    errors: { api: 0, supervisor: 0, consumer: 0, proxy: 0, store: 0 },
    proxy: { requests: 0, fromCache: 0, bytes: 0 },
  };

  constructor(now: () => number) {
    this.#now = now;
    this.started = now();
    this.#announced = new Ring(STEPS, STEP_MS, this.started);
    this.#inserted = new Ring(STEPS, STEP_MS, this.started);
    this.#staged = new Ring(STEPS, STEP_MS, this.started);
  }

  /**
   * @returns `isNew`: false for what was told before and counts once. `inserted`: events that are done since what was told last
   */
  hear(happening: Happening): { isNew: boolean; inserted: number } {
    const now = this.#now();
    let inserted = 0;
    switch (happening.kind) {
      case 'staged':
        if (!happening.again) this.#staged.add(happening.bytes, now);
        break;
      case 'message': {
        const producer = this.#producer(happening.producer, now);
        if (happening.again) {
          producer.again += 1;
          break;
        }
        producer.objects += 1;
        producer.bytes += happening.bytes;
        producer.events += happening.events;
        producer.rate.add(happening.events, now);
        this.#announced.add(happening.events, now);
        break;
      }
      case 'duplicate':
        if (this.#duplicates.has(happening.sha256)) return { isNew: false, inserted };
        this.#duplicates.add(happening.sha256);
        if (this.#duplicates.size > DUPLICATES_KEPT) this.#duplicates.delete(this.#duplicates.values().next().value!);
        this.totals.duplicateEvents += happening.events;
        break;
      case 'inserting': {
        const { dataset, generation, consumer, attempt } = happening;
        if (attempt > 1) this.totals.takeovers += 1;
        this.#working.set(dataset, { consumer, dataset, generation, attempt, done: 0, since: now });
        break;
      }
      case 'progress':
      case 'published': {
        const working = this.#working.get(happening.dataset);
        // An attempt that began again counts from 0.
        inserted = Math.max(0, happening.events - (working?.done ?? 0));
        this.#inserted.add(inserted, now);
        if (happening.kind === 'published') this.#working.delete(happening.dataset);
        else if (working) working.done = happening.events;
        break;
      }
      case 'failed':
        this.#working.delete(happening.dataset);
        break;
      case 'alarm':
        this.#alarm(happening, now);
        break;
      case 'error':
        this.totals.errors[happening.where] += 1;
        break;
      case 'proxied':
        this.totals.proxy.requests += 1;
        this.totals.proxy.bytes += happening.bytes;
        if (happening.fromCache) this.totals.proxy.fromCache += 1;
        break;
      case 'self-test': {
        const { ok, ms, reason } = happening;
        this.#selfTest = { ok, ms, at: now, ...(reason !== undefined && { reason }) };
        break;
      }
      case 'declared':
      case 'validated':
      case 'expired':
        break;
    }
    return { isNew: true, inserted };
  }

  get selfTest(): SelfTestResult | undefined {
    return this.#selfTest;
  }

  /** Those who were seen last. */
  producers(): MonitorSnapshot['producers'] {
    const now = this.#now();
    const all = [...this.#producers].sort(([, a], [, b]) => b.lastSeen - a.lastSeen);
    return {
      shown: all.slice(0, PRODUCERS_SHOWN).map(([producer, { rate, ...counts }]) => ({
        producer,
        ...counts,
        rate: (rate.values(now).reduce((sum, value) => sum + value, 0) * 1000) / ((RATE_STEPS - 1) * RATE_STEP_MS),
      })),
      more: Math.max(0, all.length - PRODUCERS_SHOWN),
    };
  }

  /**
   * What the consumers of this process are at, and with it what the store tells of those of others. One that lost its dataset says nothing of it: the store does.
   * @param asked when the store was asked
   */
  consumers(
    known: readonly Omit<MonitorSnapshot['consumers']['shown'][number], 'done'>[],
    datasets: readonly DatasetProgress[],
    asked: number,
  ): MonitorSnapshot['consumers'] {
    const events = new Map([...datasets, ...known].map((one) => [one.dataset, one.events]));
    const atWork = new Map(known.map(({ dataset, consumer }) => [dataset, consumer]));
    const here = [...this.#working.values()]
      .filter(({ dataset, consumer, since }) => since >= asked || atWork.get(dataset) === consumer)
      .map((one) => ({ ...one, events: events.get(one.dataset) ?? 0 }));
    const shown = new Set(here.map(({ dataset }) => dataset));
    const elsewhere = known.filter(({ dataset }) => !shown.has(dataset));
    const all = [...here, ...elsewhere].sort((a, b) => a.since - b.since);
    return { shown: all.slice(0, CONSUMERS_SHOWN), more: Math.max(0, all.length - CONSUMERS_SHOWN) };
  }

  /** Those that were told within the last minutes, and those of datasets. */
  alarms(): ActiveAlarm[] {
    const now = this.#now();
    for (const [key, { last }] of this.#alarms) if (now - last > ALARM_LASTS_MS) this.#alarms.delete(key);
    return [...this.#alarms.values()].sort((a, b) => b.since - a.since);
  }

  /** Takes over what the store says of the alarms of datasets: those that are over end. @param asked when the store was asked */
  setAlarms(datasets: readonly DatasetProgress[], asked: number): void {
    const now = this.#now();
    const lasting = new Set<string>();
    for (const { dataset, alarms } of datasets)
      for (const { alarm, reason } of alarms) {
        this.#alarm({ alarm, dataset, reason }, now);
        lasting.add(alarmKey(alarm, dataset));
      }
    for (const [key, { alarm, dataset, last }] of this.#alarms)
      if (dataset !== undefined && !OF_THE_MOMENT.has(alarm) && !lasting.has(key) && last < asked)
        this.#alarms.delete(key);
  }

  static shownAlarms(all: readonly ActiveAlarm[]): MonitorSnapshot['alarms'] {
    return {
      shown: all.slice(0, ALARMS_SHOWN).map(({ last: _, ...alarm }) => alarm),
      more: Math.max(0, all.length - ALARMS_SHOWN),
    };
  }

  throughput(): MonitorSnapshot['throughput'] {
    const now = this.#now();
    return {
      stepMs: STEP_MS,
      end: this.#announced.end(now),
      announced: this.#announced.values(now),
      inserted: this.#inserted.values(now),
      staged: this.#staged.values(now),
    };
  }

  #producer(name: string, now: number): Producer {
    const known = this.#producers.get(name) ?? {
      objects: 0,
      again: 0,
      bytes: 0,
      events: 0,
      lastSeen: now,
      rate: new Ring(RATE_STEPS, RATE_STEP_MS, now),
    };
    known.lastSeen = now;
    // Who was seen last stands at the end.
    this.#producers.delete(name);
    this.#producers.set(name, known);
    if (this.#producers.size > PRODUCERS_KEPT) this.#producers.delete(this.#producers.keys().next().value!);
    return known;
  }

  #alarm({ alarm, dataset, reason }: Pick<ActiveAlarm, 'alarm' | 'dataset' | 'reason'>, now: number): void {
    const key = alarmKey(alarm, dataset);
    const since = this.#alarms.get(key)?.since ?? now;
    this.#alarms.delete(key);
    this.#alarms.set(key, { alarm, ...(dataset !== undefined && { dataset }), reason, since, last: now });
    if (this.#alarms.size > ALARMS_KEPT) this.#alarms.delete(this.#alarms.keys().next().value!);
  }
}

const alarmKey = (alarm: Alarm, dataset: string | undefined) => `${alarm} ${dataset ?? ''}`;
