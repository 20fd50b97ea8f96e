/** Random choices that fast-check records, replays from a seed and shrinks. */
import fc from 'fast-check';

export class Draw {
  private readonly value: fc.GeneratorValue;

  constructor(value: fc.GeneratorValue) {
    this.value = value;
  }

  /** Whole number from `min` to `max`, both included. */
  int(min: number, max: number): number {
    return min === max ? min : this.value(fc.integer, { min, max });
  }

  /** True `percent` times of a hundred; shrinks to false. */
  chance(percent: number): boolean {
    return this.int(0, 99) >= 100 - percent;
  }

  /** One of `choices`; shrinks to the first one. */
  pick<T>(choices: readonly T[]): T {
    if (choices.length === 0) throw new RangeError('nothing to pick from');
    return choices[this.int(0, choices.length - 1)]!;
  }

  /** `count` results of `make`. */
  times<T>(count: number, make: (k: number) => T): T[] {
    return Array.from({ length: count }, (_, k) => make(k));
  }
}
