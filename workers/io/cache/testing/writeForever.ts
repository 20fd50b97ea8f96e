/** Writes ranges into a cache until it is killed: `writeForever.ts FOLDER URL`. Range k has 100,000 bytes of value k. */
import { openNodeStore } from '../nodeCache.ts';

const [, , folder, url] = process.argv as [string, string, string, string];
const cache = (await openNodeStore(folder).ranges(url, { size: 1e9, etag: '"one"' }, { bytes: 0, requests: 0 }, 1))!;
for (let k = 0; ; k++) {
  cache.put([[k * 100_000, 100_000]], [new Uint8Array(100_000).fill(k)]);
  await cache.flush();
}
