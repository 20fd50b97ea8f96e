import { describe, expect, it } from 'vitest';
import { sliderStep, sliderValue, snapped } from './slider.ts';

describe('a slider', () => {
  it('has the value of its definition', () => {
    const define = [{ name: 'ptmin', expression: ' 2.5e1 ' }];
    expect(sliderValue({ name: 'ptmin', range: [0, 100] }, define)).toBe(25);
    expect(sliderValue({ name: 'other', range: [0, 100] }, define)).toBeUndefined();
    expect(sliderValue({ name: 'ptmin', range: [0, 1] }, [{ name: 'ptmin', expression: '2 * x' }])).toBeUndefined();
  });

  it('takes round steps where the document states none', () => {
    expect(sliderStep({ name: 'a', range: [0, 100] })).toBe(1);
    expect(sliderStep({ name: 'a', range: [0, 2.4] })).toBe(0.02);
    expect(sliderStep({ name: 'a', range: [0, 7000] })).toBe(100);
    expect(sliderStep({ name: 'a', range: [0, 100], step: 5 })).toBe(5);
  });

  it('stands at whole steps from its low end, without digits of rounding', () => {
    expect(snapped({ name: 'a', range: [0, 1], step: 0.1 }, 0.30000000000000004)).toBe(0.3);
    expect(snapped({ name: 'a', range: [0.5, 10], step: 1 }, 3.2)).toBe(3.5);
    expect(snapped({ name: 'a', range: [0, 1e-6], step: 1e-7 }, 3.1e-7)).toBe(3e-7);
    expect(snapped({ name: 'a', range: [-3, 3], step: 0.5 }, 99)).toBe(3);
  });
});
