import { describe, expect, test } from 'vitest';
import { Admission } from './admission.ts';

const turn = () => new Promise((resolve) => setTimeout(resolve));

/** Enters with each claim; `inside` lists who is in, `leave[i]` lets number i go. */
function queue(limit: number, claims: number[]) {
  const admission = new Admission(limit);
  const inside: number[] = [];
  const leave: (() => void)[] = [];
  claims.forEach((bytes, index) => {
    void admission.enter(bytes).then((out) => {
      inside.push(index);
      leave[index] = out;
    });
  });
  return { inside, leave };
}

describe('admission', () => {
  test('lets in what fits together, in order, and the next one when there is room', async () => {
    const { inside, leave } = queue(10, [4, 4, 4, 1]);
    await turn();
    expect(inside).toEqual([0, 1]);
    leave[0]!();
    await turn();
    expect(inside).toEqual([0, 1, 2, 3]);
  });

  test('lets one in that is larger than the limit, alone', async () => {
    const { inside, leave } = queue(10, [1, 50, 1]);
    await turn();
    expect(inside).toEqual([0]);
    leave[0]!();
    await turn();
    expect(inside).toEqual([0, 1]);
    leave[1]!();
    await turn();
    expect(inside).toEqual([0, 1, 2]);
  });
});
