import { describe, expect, it } from 'vitest';
import { type PixelScale, pixelOf, valueAt } from './plotArea.ts';

const linear: PixelScale = { from: 50, to: 250, lo: -10, hi: 10, log: false };
const upwards: PixelScale = { from: 210, to: 10, lo: 0, hi: 100, log: false };
const log: PixelScale = { from: 0, to: 300, lo: 0.1, hi: 100, log: true };

describe('pixels of an axis', () => {
  it('go with the values, upwards on y axes, and by factors on log axes', () => {
    expect([-10, 0, 10, 20].map((x) => pixelOf(linear, x))).toEqual([50, 150, 250, 350]);
    expect([0, 25, 100].map((y) => pixelOf(upwards, y))).toEqual([210, 160, 10]);
    expect([0.1, 1, 10, 100].map((x) => Math.round(pixelOf(log, x)))).toEqual([0, 100, 200, 300]);
  });

  it('are found back', () => {
    for (const scale of [linear, upwards, log])
      for (const pixel of [0, 10, 77, 299]) expect(pixelOf(scale, valueAt(scale, pixel))).toBeCloseTo(pixel, 9);
  });

  it('of what a log axis has no place for are finite, and below it', () => {
    for (const nothing of [0, -5]) {
      for (const scale of [log, { ...log, lo: 100, hi: 1000 }]) {
        expect(pixelOf(scale, nothing)).toBeLessThan(-10_000);
        expect(Number.isFinite(pixelOf(scale, nothing))).toBe(true);
      }
    }
  });
});
