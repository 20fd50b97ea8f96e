import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EngineHeap } from './heap.ts';

const BASE = 5_000;

describe('the engine heap', () => {
  test('never gives out overlapping, misaligned or reserved bytes, and gets all of them back', () => {
    const step = fc.record({ free: fc.boolean(), pick: fc.nat(), bytes: fc.nat(300_000) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const heap = new EngineHeap(BASE);
        const live: { at: number; bytes: number; mark: number }[] = [];
        const check = (block: (typeof live)[number]) => {
          const bytes = new Uint8Array(heap.memory.buffer, block.at, block.bytes);
          expect(bytes.every((byte) => byte === block.mark)).toBe(true);
        };
        steps.forEach(({ free, pick, bytes }, index) => {
          if (free && live.length > 0) {
            const [block] = live.splice(pick % live.length, 1);
            check(block!);
            heap.free(block!.at);
            return;
          }
          const at = heap.alloc(bytes);
          expect(at % 16).toBe(0);
          expect(at).toBeGreaterThanOrEqual(BASE);
          const mark = index + 1;
          new Uint8Array(heap.memory.buffer, at, bytes).fill(mark);
          live.push({ at, bytes, mark });
        });
        for (const block of live) {
          check(block);
          heap.free(block.at);
        }
        expect(heap.used).toBe(0);
        const size = heap.size;
        const whole = heap.tryAlloc(size - Math.ceil(BASE / 16) * 16, size);
        expect(whole).toBe(Math.ceil(BASE / 16) * 16);
      }),
      { numRuns: 60 },
    );
  });

  test('does not grow past a limit that the caller sets', () => {
    const heap = new EngineHeap(BASE);
    expect(heap.tryAlloc(8_000_000, 4_000_000)).toBeUndefined();
    expect(heap.tryAlloc(8_000_000, 16_000_000)).toBeDefined();
    expect(heap.size).toBeLessThanOrEqual(16_000_000);
  });

  test('says that memory is out, and by how much, past 4 GB', () => {
    const heap = new EngineHeap(BASE);
    expect(() => heap.alloc(2 ** 33)).toThrow(
      expect.objectContaining({ tag: 'limit', message: expect.stringContaining('out of memory') }),
    );
  });

  test('refuses to free what it did not give out', () => {
    const heap = new EngineHeap(BASE);
    const at = heap.alloc(10);
    heap.free(at);
    expect(() => heap.free(at)).toThrow('no block');
  });
});
