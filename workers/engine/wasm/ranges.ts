import { I32, I64 } from './code.ts';
import type { Generator } from './generator.ts';
import { bothValid } from './held.ts';
import type { Held } from './layout.ts';

const KEY_BITS = 32n;
const WORD = 1n << KEY_BITS;

/**
 * Key and value as one unsigned word, key above: ranges of one key are neighbours in the order of words, so that one binary search
 * finds the last range that does not begin after the word.
 */
export function emitInRanges(g: Generator, ranges: Uint32Array, a: Held, b: Held): Held {
  const { code } = g;
  const count = ranges.length / 3;
  const table = g.constants({ i64: words(ranges) });
  const valid = bothValid(g, a, b);
  const result = code.i32(0).hold(I32);
  const [key, value] = [a.slots[0], b.slots[0]];
  // Past 32 bits, or negative, is in no range; and a missing value's slot is never true.
  code.get(key).get(value).op('i64.or').i64(WORD).op('i64.lt_u');
  if (valid) code.get(valid).op('i32.and');
  code.if(() => {
    const word = code.get(key).i64(KEY_BITS).op('i64.shl').get(value).op('i64.or').hold(I64);
    const low = code.i32(0).hold(I32);
    const high = code.i32(count).hold(I32);
    const entry = (index: () => void, offset = 0) => {
      index();
      code.i32(4).op('i32.shl').get(table).op('i32.add').mem('i64.load', offset);
    };
    code.block((end) => {
      code.loop((again) => {
        code.get(low).get(high).op('i32.ge_u').brIf(end);
        const middle = code.get(low).get(high).op('i32.add').i32(1).op('i32.shr_u').hold(I32);
        code.get(word);
        entry(() => code.get(middle));
        code.op('i64.lt_u').if(
          () => code.get(middle).set(high),
          () => code.get(middle).i32(1).op('i32.add').set(low),
        );
        code.br(again);
      });
    });
    code.get(low).if(() => {
      entry(() => code.get(low).i32(1).op('i32.sub'), 8);
      code.get(word).op('i64.ge_u').set(result);
    });
  });
  return { slots: [result], valid };
}

/** First and last word of each range. */
function words(ranges: Uint32Array): bigint[] {
  const result: bigint[] = [];
  for (let k = 0; k < ranges.length; k += 3) {
    const [key, first, last] = [ranges[k], ranges[k + 1], ranges[k + 2]].map(BigInt);
    for (const end of [first, last]) result.push(BigInt.asIntN(64, (key << KEY_BITS) | end));
  }
  return result;
}
