import { LumiscopeError } from '../../../core/errors.ts';
import { hash32, keyOf } from './hash.ts';
import { type Base, baseOf } from './words.ts';

/** A run, or a sample of simulated events. */
export interface RunPlan {
  project: string;
  /** Of simulation, the dataset number. */
  runNumber: number;
  /** Of simulation, the physics short name. */
  streamName: string;
  /** Recorded, or simulated. */
  events: number;
  /** Event numbers go up from here … */
  firstEvent: bigint;
  /** … by so much a time, on average. */
  gap: number;
  /** Luminosity blocks of a minute each; 0 for simulation. */
  blocks: number;
  /** When the run began: ms since 1970-01-01 UTC. */
  start: number;
}

/** ns */
const BLOCK = 60e9;
const ORBIT = 88_924;
const BUNCH_SPACING = 24.95;
/** Counters of the extended level-1 identifier are reset every five seconds [ns]. */
const RESET = 5e9;
/** ns between two events of level 1. */
const LEVEL1 = 10_000;
const BUNCHES_OF_TRAIN = 48;
const TRAINS = 48;
/** Prescales change after so many luminosity blocks. */
const BLOCKS_OF_PRESCALES = 90;

/** Event number, luminosity block, time and so on of a run's events, by their index. */
export class Collisions {
  readonly firstEvent: Base;
  readonly start: Base;
  readonly blocks: number;
  readonly #events: number;
  readonly #gap: number;
  readonly #gapKey: number;
  readonly #bunchKey: number;
  readonly #psk: number;

  /** @throws LumiscopeError `document` where event numbers would pass 2^64 − 1, or there are too many events */
  constructor(seed: number, run: RunPlan) {
    const { runNumber, events, gap, firstEvent, start, blocks } = run;
    const last = firstEvent + BigInt(events) * BigInt(gap);
    if (firstEvent < 0n || last > 2n ** 64n || events >= 2 ** 31 || gap < 1) {
      throw new LumiscopeError(
        'document',
        `run ${runNumber} can't have ${events} events from number ${firstEvent} on`,
        {
          hint: 'event numbers go up to 2^64 − 1, and a run holds less than 2^31 events',
        },
      );
    }
    this.firstEvent = baseOf(firstEvent);
    this.start = baseOf(BigInt(start) * 1_000_000n);
    this.blocks = blocks;
    this.#events = events;
    this.#gap = gap;
    this.#gapKey = keyOf(seed, runNumber, 'gap');
    this.#bunchKey = keyOf(seed, runNumber, 'bunch');
    this.#psk = keyOf(seed, runNumber, 'psk') >>> 18;
  }

  /** What is added to `firstEvent`. */
  numberOffset(event: number): number {
    return event * this.#gap + (this.#gap > 1 ? hash32(this.#gapKey, event) % this.#gap : 0);
  }

  bunch(event: number): number {
    const bits = hash32(this.#bunchKey, event);
    return 1 + ((bits >>> 16) % TRAINS) * 72 + ((bits & 0xffff) % BUNCHES_OF_TRAIN);
  }

  /** What is added to `start` [ns]: whole orbits and bunches. The rate of events falls to half of what it was. */
  timeOffset(event: number): number {
    const share = 2 - Math.sqrt(4 - (3 * (event + 0.5)) / this.#events);
    const orbit = Math.floor((share * this.blocks * BLOCK) / ORBIT);
    return orbit * ORBIT + Math.round(this.bunch(event) * BUNCH_SPACING);
  }

  /** @param time as `timeOffset` gives it */
  block(time: number): number {
    return Math.min(this.blocks, 1 + Math.floor(time / BLOCK));
  }

  /** Eight bits that count resets, 24 that count events since. */
  level1Id(time: number): number {
    return ((Math.floor(time / RESET) & 0xff) << 24) | (Math.floor((time % RESET) / LEVEL1) & 0xff_ffff);
  }

  level1Prescales(block: number): number {
    return this.#psk + Math.floor((block - 1) / BLOCKS_OF_PRESCALES) * 3;
  }

  highPrescales(block: number): number {
    return this.#psk - 2000 + Math.floor((block - 1) / BLOCKS_OF_PRESCALES) * 2;
  }
}
