import { describe, expect, it } from 'vitest';
import { formatBytes, formatDuration, formatNumber, formatPercent, formatWithError } from './numbers.ts';

describe('numbers for people', () => {
  it('keep thousands apart and show a real minus', () => {
    expect(formatNumber(-1234567.8, 4)).toBe('−1,234,568');
    expect(formatNumber(0.00001234, 3)).toBe('1.23×10⁻⁵');
  });

  it('give a value the decimals of the two leading digits of its error', () => {
    expect(formatWithError(1234.5678, 3.4159)).toEqual(['1,234.6', '3.4']);
    expect(formatWithError(216703, 465.5)).toEqual(['216,703', '466']);
    expect(formatWithError(0, 0)).toEqual(['0', '0']);
  });

  it('show small efficiencies and small losses', () => {
    expect(formatPercent(0.46)).toBe('46.0 %');
    expect(formatPercent(0.99964)).toBe('99.96 %');
    expect(formatPercent(0.0000123)).toBe('0.0012 %');
    expect(formatPercent(1)).toBe('100 %');
    expect(formatPercent(0 / 0)).toBe('–');
  });

  it('count bytes in powers of a thousand, and time in what fits', () => {
    expect(formatBytes(15_600_000)).toBe('15.6 MB');
    expect(formatBytes(999.6e3)).toBe('1.00 MB');
    expect(formatDuration(0.42)).toBe('0.4 s');
    expect(formatDuration(200)).toBe('3 min 20 s');
  });
});
