import { expect, test } from 'vitest';
import { versionLook } from './newerVersion.ts';

test('a newer version is seen, at the cost of heads', async () => {
  let serial = 7;
  let down = false;
  const asked: string[] = [];
  const look = versionLook({
    url: 'https://host/manifest.json',
    serial: 7,
    send: async (_, { method = 'GET' }) => {
      if (down) throw new TypeError('network');
      asked.push(method);
      const headers = { etag: `"${serial}"` };
      return new Response(method === 'HEAD' ? null : JSON.stringify({ serial }), { headers });
    },
  });
  const { signal } = new AbortController();
  expect(await look(signal)).toBeUndefined();
  expect(await look(signal)).toBeUndefined();
  expect(asked).toEqual(['GET', 'HEAD']);
  serial = 8;
  expect(await look(signal)).toBe(8);
  expect(await look(signal), 'it stays newer').toBe(8);
  expect(asked).toEqual(['GET', 'HEAD', 'HEAD', 'GET', 'HEAD']);
  down = true;
  expect(await look(signal), 'nobody is bothered with a network that is away').toBeUndefined();
});

test('where a server tells no version, the manifest is read each time', async () => {
  let serial = 3;
  const look = versionLook({ url: 'm', serial: 3, send: async () => new Response(JSON.stringify({ serial })) });
  const { signal } = new AbortController();
  expect(await look(signal)).toBeUndefined();
  serial = 4;
  expect(await look(signal)).toBe(4);
});
