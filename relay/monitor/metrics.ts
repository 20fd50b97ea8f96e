/**
 * What Prometheus reads of a relay. Names and units follow its conventions (https://prometheus.io/docs/practices/naming/). Labels have few values: never a
 * dataset, a producer, a host or anything that a caller chose.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { INGEST_STATES } from '../../core/ingest/datasetState.ts';
import { ALARMS, type Alarm, type DatasetProgress, type Happening } from '../../core/ingest/happening.ts';
import { TRAVERSAL_BOUNDS } from '../../core/ingest/monitorSnapshot.ts';
import { type Census, objectsByState } from './census.ts';

const PREFIX = 'lumiscope_relay_';
const SINCE = 'since this process started';

/** Counters by what happens in this process, gauges by what the store holds. */
export class RelayMetrics {
  readonly registry = new Registry();
  readonly #stagedObjects = this.#counter('staged_objects_total', `Objects that producers put, ${SINCE}`, ['again']);
  readonly #stagedBytes = this.#counter('staged_bytes_total', `Bytes of objects that were new to the store, ${SINCE}`);
  readonly #messages = this.#counter('messages_total', `Control messages, ${SINCE}`, ['again']);
  readonly #announced = this.#counter('announced_events_total', `Events that new control messages announced, ${SINCE}`);
  readonly #published = this.#counter('published_events_total', `Events that were published, ${SINCE}`);
  readonly #publishedBytes = this.#counter('published_bytes_total', `Bytes of parts that were published, ${SINCE}`);
  readonly #publications = this.#counter('publications_total', `Datasets that were published, ${SINCE}`);
  readonly #failures = this.#counter('failures_total', `Times that a dataset could not be published, ${SINCE}`);
  readonly #inserted = this.#counter('inserted_events_total', `Events that consumers put in order, ${SINCE}`);
  readonly #insertions = this.#counter('insertions_total', `Times that a consumer took up a dataset, ${SINCE}`);
  readonly #takeovers = this.#counter(
    'lease_takeovers_total',
    `Times that a consumer took up what another one, or an earlier attempt, had begun, ${SINCE}`,
  );
  readonly #duplicateObjects = this.#counter(
    'duplicate_objects_avoided_total',
    `Objects that were staged beside a better one and are never read, ${SINCE}`,
  );
  readonly #duplicateEvents = this.#counter(
    'duplicate_events_avoided_total',
    `Events of objects that are never read, ${SINCE}`,
  );
  readonly #expiredObjects = this.#counter('expired_objects_total', `Objects whose lifetime was over, ${SINCE}`);
  readonly #expiredBytes = this.#counter('expired_bytes_total', `Bytes of objects whose lifetime was over, ${SINCE}`);
  readonly #errors = this.#counter('errors_total', `Errors that were answered or overcome, ${SINCE}`, ['where']);
  readonly #alarmsTold = this.#counter('alarms_total', `Alarms that were told, ${SINCE}`, ['alarm']);
  readonly #proxyRequests = this.#counter('proxy_requests_total', `Requests through the range proxy, ${SINCE}`, [
    'cache',
  ]);
  readonly #proxyBytes = this.#counter('proxy_bytes_total', `Bytes that the range proxy answered, ${SINCE}`, ['cache']);
  readonly #proxyTime = this.#histogram(
    'proxy_request_seconds',
    'Time that requests through the range proxy took',
    [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30],
  );
  readonly #traversal = this.#histogram(
    'traversal_seconds',
    'Time from the first staged object of a dataset to its publication',
    TRAVERSAL_BOUNDS,
  );
  readonly #insertionTime = this.#histogram(
    'insertion_seconds',
    'Time from taking up a dataset to its publication',
    [0.1, 0.3, 1, 3, 10, 30, 60, 180, 600, 1800, 3600, 10_800],
  );
  readonly #datasets = this.#gauge('datasets', 'Datasets of the store by state', ['state']);
  readonly #objects = this.#gauge('objects', 'Staged objects of the store by state', ['state']);
  readonly #objectBytes = this.#gauge('objects_bytes', 'Bytes of staged objects of the store');
  readonly #catalogueEvents = this.#gauge('catalogue_events', 'Events of the datasets that this store published');
  readonly #catalogueBytes = this.#gauge('catalogue_bytes', 'Bytes of parts of the datasets that this store published');
  readonly #queueAge = this.#gauge('queue_age_seconds', 'How long the oldest dataset in a state is in it', ['state']);
  readonly #alarms = this.#gauge('alarms_active', 'Alarms that are on', ['alarm']);
  readonly #censusTime = this.#gauge('census_timestamp_seconds', 'When the store was read for these gauges');
  readonly #selfTestOk = this.#gauge('self_test_ok', 'Whether the last self-test found its event: 1 or 0');
  readonly #selfTestSeconds = this.#gauge('self_test_seconds', 'Time that the last self-test took');
  readonly #selfTestTime = this.#gauge('self_test_timestamp_seconds', 'When the last self-test ended');

  constructor({ process = true }: { process?: boolean } = {}) {
    if (process) collectDefaultMetrics({ register: this.registry });
    // What may come to be is there from the start, so that rates know where it began.
    for (const again of ['false', 'true']) {
      this.#stagedObjects.inc({ again }, 0);
      this.#messages.inc({ again }, 0);
    }
    for (const where of ['api', 'supervisor', 'consumer', 'proxy', 'store']) this.#errors.inc({ where }, 0);
    for (const cache of ['hit', 'miss']) {
      this.#proxyRequests.inc({ cache }, 0);
      this.#proxyBytes.inc({ cache }, 0);
    }
    for (const alarm of ALARMS) this.#alarmsTold.inc({ alarm }, 0);
    this.setAlarms(new Map());
    // No test is no failed one.
    for (const gauge of [this.#selfTestOk, this.#selfTestSeconds, this.#selfTestTime]) gauge.remove();
  }

  /** @param insertedNow of `progress` and `published`: events since what was told last */
  hear(happening: Happening, insertedNow: number): void {
    switch (happening.kind) {
      case 'staged':
        this.#stagedObjects.inc({ again: String(happening.again) });
        if (!happening.again) this.#stagedBytes.inc(happening.bytes);
        break;
      case 'message':
        this.#messages.inc({ again: String(happening.again) });
        if (!happening.again) this.#announced.inc(happening.events);
        break;
      case 'duplicate':
        this.#duplicateObjects.inc();
        this.#duplicateEvents.inc(happening.events);
        break;
      case 'inserting':
        this.#insertions.inc();
        if (happening.attempt > 1) this.#takeovers.inc();
        break;
      case 'progress':
        this.#inserted.inc(insertedNow);
        break;
      case 'published':
        this.#inserted.inc(insertedNow);
        this.#publications.inc();
        this.#published.inc(happening.events);
        this.#publishedBytes.inc(happening.bytes);
        this.#traversal.observe(happening.traversal / 1000);
        this.#insertionTime.observe(happening.ms / 1000);
        break;
      case 'failed':
        this.#failures.inc();
        break;
      case 'alarm':
        this.#alarmsTold.inc({ alarm: happening.alarm });
        break;
      case 'expired':
        this.#expiredObjects.inc(happening.objects);
        this.#expiredBytes.inc(happening.bytes);
        break;
      case 'error':
        this.#errors.inc({ where: happening.where });
        break;
      case 'proxied': {
        const cache = happening.fromCache ? 'hit' : 'miss';
        this.#proxyRequests.inc({ cache });
        this.#proxyBytes.inc({ cache }, happening.bytes);
        this.#proxyTime.observe(happening.ms / 1000);
        break;
      }
      case 'self-test':
        this.#selfTestOk.set(happening.ok ? 1 : 0);
        this.#selfTestSeconds.set(happening.ms / 1000);
        this.#selfTestTime.setToCurrentTime();
        break;
      case 'declared':
      case 'validated':
        break;
    }
  }

  /** The gauges of the store. */
  setStore(census: Census, datasets: readonly DatasetProgress[], now: number): void {
    const { chosen, duplicates, waiting } = objectsByState(census, datasets);
    this.#objects.set({ state: 'chosen' }, chosen);
    this.#objects.set({ state: 'duplicate' }, duplicates);
    this.#objects.set({ state: 'waiting' }, waiting);
    this.#objectBytes.set(census.staged.bytes);
    this.#catalogueEvents.set(census.published.events);
    this.#catalogueBytes.set(census.published.bytes);
    for (const state of INGEST_STATES) {
      const here = datasets.filter((one) => one.state === state);
      this.#datasets.set({ state }, here.length);
      if (state === 'DONE' || state === 'FAIL') continue;
      const oldest = here.reduce((least, { since }) => Math.min(least, since), now);
      this.#queueAge.set({ state }, (now - oldest) / 1000);
    }
    this.#censusTime.set(now / 1000);
  }

  /** How many alarms of each kind are on. */
  setAlarms(active: ReadonlyMap<Alarm, number>): void {
    for (const alarm of ALARMS) this.#alarms.set({ alarm }, active.get(alarm) ?? 0);
  }

  #counter(name: string, help: string, labelNames: string[] = []): Counter {
    return new Counter({ name: PREFIX + name, help, labelNames, registers: [this.registry] });
  }

  #gauge(name: string, help: string, labelNames: string[] = []): Gauge {
    return new Gauge({ name: PREFIX + name, help, labelNames, registers: [this.registry] });
  }

  #histogram(name: string, help: string, buckets: readonly number[]): Histogram {
    return new Histogram({ name: PREFIX + name, help, buckets: [...buckets], registers: [this.registry] });
  }
}
