import { expect, test } from 'vitest';
import type { RunProgress } from '../workers/session.ts';
import { progressLine } from './progressBar.ts';
import { formatBytes } from './text.ts';

const progress = (change: Partial<RunProgress>) =>
  ({ events: 0, totalEvents: 0, bytes: 0, requests: 0, seconds: 0, ...change }) as RunProgress;

test('a line tells the share, events per second, bytes and time left', () => {
  const line = progressLine(progress({ events: 250_000, totalEvents: 1_000_000, bytes: 12_345_678, seconds: 2 }));
  expect(line).toContain('25 %');
  expect(line).toContain('125,000 events/s');
  expect(line).toContain('12.3 MB');
  expect(line).toContain('6 s left');
  expect(line.match(/█/g)).toHaveLength(5);
});

test('a line of a run without events or that has just begun has no nonsense in it', () => {
  expect(progressLine(progress({}))).toMatch(/^█+ {2}100 % {2}0 events/);
  expect(progressLine(progress({ totalEvents: 10 }))).not.toMatch(/NaN|Infinity/);
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.00 kB'],
  [999_600, '1.00 MB'],
  [12_345_678, '12.3 MB'],
  [5e12, '5.00 TB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
