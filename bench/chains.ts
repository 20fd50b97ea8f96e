/** Trigger decisions with the occupancy of a menu, and the pairs of chains that fire together, on both engines. */
import type { PairDevice } from '../gpu-kernels/overlap/pairs.ts';
import { type Counting, withCounting } from '../workers/catalogue/kernels/counting.ts';

/** Lists of chains that fired, event after event. */
export interface Fired {
  chains: number;
  events: number;
  offsets: Uint32Array;
  values: Uint16Array;
}

const RARE = 0.05;

/** Few chains fire often, most in one event of thousands: rates fall as 1 ÷ rank, from 0.4 down, as they do in a menu. */
export function firedChains(chains: number, events: number): Fired {
  const rates = Float64Array.from({ length: chains }, (_, chain) => Math.min(0.4, 6 / (chain + 10)));
  let state = 88_172_645;
  const random = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  const offsets = new Uint32Array(events + 1);
  let values = new Uint16Array(events * 16);
  let at = 0;
  for (let event = 0; event < events; event++) {
    for (let chain = 0; chain < chains; chain++) {
      const rate = rates[chain]!;
      // Rare chains are not asked one by one: as many are left out as the rate says.
      if (rate < RARE) chain += Math.floor(Math.log((random() + 1) / (2 ** 32 + 1)) / Math.log1p(-rate));
      if (chain >= chains || (rate >= RARE && random() >= rate * 2 ** 32)) continue;
      if (at === values.length) {
        const more = new Uint16Array(2 * at);
        more.set(values);
        values = more;
      }
      values[at++] = chain;
    }
    offsets[event + 1] = at;
  }
  return { chains, events, offsets, values };
}

/** Events of a block: rows of 4,096 chains then take 4 MB. */
const BLOCK = 8192;
const BLOCK_GPU = 65_536;

/** Makes rows of bits, block by block. */
async function inBlocks(
  { chains, events, offsets, values }: Fired,
  block: number,
  counting: Counting,
  each: (rows: number, stride: number, bytes: number) => void | Promise<void>,
): Promise<void> {
  const stride = block / 8;
  const rows = counting.take(chains * stride);
  const rowOf = counting.take(4 * 65_536);
  const lists = counting.take(4 * (block + 1));
  const bits = counting.take(2 * block * Math.min(chains, 512));
  counting.put(
    rowOf,
    Int32Array.from({ length: chains }, (_, chain) => chain),
  );
  for (let begin = 0; begin < events; begin += block) {
    const end = Math.min(events, begin + block);
    counting.put(lists, offsets.subarray(begin, end + 1));
    counting.put(bits, values.subarray(offsets[begin]!, offsets[end]!));
    counting.bytes(rows, chains * stride).fill(0);
    counting.run.placeLists(lists, end - begin, bits, rowOf, 0, rows, stride);
    await each(rows, stride, 16 * Math.ceil((end - begin) / 128));
  }
}

/** `[i * chains + j]` for i < j. */
export function chainPairsOnWasm(fired: Fired): Promise<Float64Array> {
  return withCounting(async (counting) => {
    const { chains } = fired;
    const both = counting.take(4 * chains * chains);
    const filled = counting.take(4 * chains);
    await inBlocks(fired, BLOCK, counting, (rows, stride, bytes) =>
      counting.run.countPairs(rows, chains, stride, bytes, both, filled),
    );
    return counting.pairs(both, chains);
  });
}

export async function chainPairsOnGpu(fired: Fired, device: PairDevice): Promise<Float64Array> {
  const counter = await device.counter(fired.chains);
  await withCounting((counting) =>
    inBlocks(fired, BLOCK_GPU, counting, async (rows, stride, bytes) => {
      counter.add(counting.words(rows, (fired.chains * stride) / 4), stride / 4, bytes / 4);
      await counter.ready();
    }),
  );
  const both = await counter.finish();
  counter.destroy();
  return both;
}
