import { expect, test } from 'vitest';
import { isMonitorHash, monitorHashOf, relayInHash } from './address.ts';

test('a link names a relay, or leaves it to the app', () => {
  expect(monitorHashOf()).toBe('#monitor');
  expect(relayInHash('#monitor')).toBeUndefined();
  expect(relayInHash('#monitor=')).toBeUndefined();
  const address = 'https://relay.example.org:8443/a b/';
  expect(monitorHashOf(address)).toBe('#monitor=https://relay.example.org:8443/a%20b/');
  expect(relayInHash(monitorHashOf(address))).toBe(address);
  expect(relayInHash('#monitor=%E0%A4%A'), 'what is damaged is shown as it is').toBe('%E0%A4%A');
  expect(['#monitor', '#monitor=x', '#monitors', '#a=', ''].map(isMonitorHash)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});
