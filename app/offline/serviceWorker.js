/**
 * The app without a network: its own files, as they were built. The page itself is asked for first, so that a new deployment shows at
 * the next load; files with a hash in their names never change. Nothing else is touched: no data, no documents, no other host.
 * `scripts/offlineShell.ts` fills in the list at build.
 */
const FILES = ['__FILES__'];
const NAME = '__NAME__';
const SCOPE = new URL('./', self.location.href).href;
const ASSETS = `${SCOPE}assets/`;
/** Caches of this scope: another deployment at another path has its own. */
const PREFIX = `lumiscope ${SCOPE} `;

self.addEventListener('install', (event) => {
  const fill = async () => {
    const cache = await caches.open(PREFIX + NAME);
    await cache.put(SCOPE, await whole(new Request(SCOPE, { cache: 'no-cache' })));
    await Promise.all(FILES.map(async (file) => cache.put(new Request(SCOPE + file), await built(SCOPE + file))));
    await self.skipWaiting();
  };
  event.waitUntil(fill());
});

self.addEventListener('activate', (event) => {
  // Tabs of the deployment before may still load parts of it.
  const clean = async () => {
    const own = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
    await Promise.all(own.slice(0, -2).map((name) => caches.delete(name)));
  };
  event.waitUntil(clean());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const [address] = request.url.split(/[?#]/);
  if (request.method !== 'GET' || request.headers.has('range')) return;
  if (request.mode === 'navigate' && (address === SCOPE || address === `${SCOPE}index.html`))
    event.respondWith(page(request));
  else if (address.startsWith(ASSETS)) event.respondWith(asset(request));
});

async function page(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const held = await (await caches.open(PREFIX + NAME)).match(SCOPE);
    if (held) return held;
    throw error;
  }
}

async function asset(request) {
  const held = await caches.match(request, { ignoreVary: true });
  if (held) return held;
  const response = await fetch(request);
  // Fonts and what else is not worth having before it is used.
  if (response.ok && response.status === 200 && !isPage(response)) {
    const copy = response.clone();
    void caches.open(PREFIX + NAME).then((cache) => cache.put(request, copy));
  }
  return response;
}

/** Some hosts send the page in place of what they have not, or not yet. */
function isPage({ headers }) {
  return /html/.test(headers.get('Content-Type') ?? '');
}

async function built(address) {
  const response = await whole(new Request(address));
  if (isPage(response)) throw new Error(`${address} is not there yet`);
  return response;
}

async function whole(request) {
  const response = await fetch(request);
  if (!response.ok) throw new Error(`${request.url} answers ${response.status}`);
  return response;
}
