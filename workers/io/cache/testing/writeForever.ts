/**
 * Writes every second range into a cache until it is killed, and tells the number of each that is kept: `writeForever.ts FOLDER URL FIRST`.
 * Range k has 100,000 bytes of value k.
 */
import { openNodeStore } from '../nodeCache.ts';

const [, , folder, url, first] = process.argv as [string, string, string, string, string];
const cache = (await openNodeStore(folder).ranges(url, { size: 1e9, etag: '"one"' }, { bytes: 0, requests: 0 }, 1))!;
// Knows what is there, and goes on with the same pack.
await cache.get([[0, 1]]);
for (let k = Number(first); ; k += 2) {
  cache.put([[k * 100_000, 100_000]], [new Uint8Array(100_000).fill(k)]);
  await cache.flush();
  process.stdout.write(`${k}\n`);
}
