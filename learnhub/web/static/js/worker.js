// The service worker, served as /sw.js with HERE in front: the addresses that it needs. It keeps files that are named by
// their content, and one page for when there is no network. It never keeps a page or an answer of ours: the next
// person on this phone may be another member. What it does not name here goes to the network as if it were not there.

import { clear, keep, who } from "./shelf.js";

const STORE = `learnhub-${HERE.version}`;
const PICTURE = /^image\/(?!svg)/;

// Without waiting for open pages to close: every page names its files by content, so an old one finds its own.
self.addEventListener("install", (event) => event.waitUntil(fill().then(() => self.skipWaiting())));

async function fill() {
  const store = await caches.open(STORE);
  await store.addAll(HERE.shell);
  await store.add(new Request(HERE.offline, { credentials: "omit", cache: "reload" }));
}

self.addEventListener("activate", (event) => event.waitUntil(takeOver()));

async function takeOver() {
  const old = (await caches.keys()).filter((name) => name.startsWith("learnhub-") && name !== STORE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.method === "POST" && pathname === HERE.share) event.respondWith(shared(request));
  else if (request.method === "POST" && pathname === HERE.signOut) event.respondWith(signedOut(request));
  else if (request.method !== "GET" || request.headers.has("range")) return;
  else if (pathname.startsWith(HERE.assets)) event.respondWith(file(request));
  else if (request.mode === "navigate") event.respondWith(page(event));
});

async function file(request) {
  const kept = await caches.match(request, { ignoreVary: true });
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok && !answer.redirected) {
    const copy = answer.clone();
    const store = await caches.open(STORE);
    await store.put(request, copy).catch(() => {}); // The device is full: the file was fetched all the same.
  }
  return answer;
}

async function page(event) {
  try {
    return (await event.preloadResponse) || (await fetch(event.request));
  } catch {
    return caches.match(HERE.offline);
  }
}

// Photos from the phone's share sheet: they stay on the device, for whoever is signed in here.
async function shared(request) {
  const seen = (kept) => Response.redirect(`${HERE.shared}?kept=${kept}`, 303);
  try {
    const member = await who();
    const files = (await request.formData()).getAll("photos").filter((one) => one instanceof File && PICTURE.test(one.type));
    if (!member) return seen("nobody");
    const kept = await keep(member, files);
    return seen(kept < files.length ? "full" : kept ? "yes" : "nothing");
  } catch {
    return seen("full");
  }
}

// Signing out: once the server has done it, this device forgets too.
async function signedOut(request) {
  const member = await who();
  const answer = await fetch(request);
  if (member && (answer.ok || answer.type === "opaqueredirect")) await clear(member);
  return answer;
}
