// The app's own files, so that it opens without a network and fast with one.
// Messages are none of its business: /api and /socket.io always go to the server, and so do those
// who come back from giving consent (/oauth).
const CACHE = "vaxel-shell-1";
// The build writes the app's code here: pages that were never opened must open offline too.
const FILES = [];
const ALWAYS = ["/", "/boot.js", "/icon.svg", "/manifest.webmanifest"];

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => Promise.all([cache.addAll(ALWAYS), addMissing(cache)]))
      .then(() => self.skipWaiting()),
  );
});

async function addMissing(cache) {
  const kept = new Set((await cache.keys()).map((key) => new URL(key.url).pathname));
  await cache.addAll(FILES.filter((path) => !kept.has(path)));
}

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))),
      )
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const ours = request.method === "GET" && url.origin === location.origin;
  if (!ours || /^\/(api|oauth|hooks|socket\.io|health|metrics)(\/|$)/.test(url.pathname)) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (url.pathname.startsWith("/assets/")) event.respondWith(asset(request));
  else if (ALWAYS.includes(url.pathname)) event.respondWith(small(request));
});

/** A file that may change under its name: the server's, or the one kept when it does not answer. */
async function small(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await (await caches.open(CACHE)).match(request);
    if (kept) return kept;
    throw error;
  }
}

/** The newest page there is: from the server, or the last one seen when it does not answer. */
async function page(request) {
  const cache = await caches.open(CACHE);
  try {
    const response = await fetch(request);
    if (response.ok && (response.headers.get("content-type") ?? "").includes("text/html")) {
      await cache.put("/", response.clone());
    }
    return response;
  } catch (error) {
    const kept = await cache.match("/");
    if (kept) return kept;
    throw error;
  }
}

/** Files under /assets carry their content's hash in the name: once fetched, good forever. */
async function asset(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) {
    await cache.put(request, response.clone());
    await forgetOldest(cache);
  }
  return response;
}

const KEPT_FILES = 150;

/** Earlier versions' files leave when there are many. */
async function forgetOldest(cache) {
  const keys = await cache.keys();
  const assets = keys.filter((key) => new URL(key.url).pathname.startsWith("/assets/"));
  await Promise.all(assets.slice(0, -KEPT_FILES).map((key) => cache.delete(key)));
}
