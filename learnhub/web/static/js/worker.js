// The service worker, served as /sw.js with HERE in front: the addresses that it needs. It keeps files that are named by
// their content, one page for when there is no network, and the paper of an attempt that is open, for its member alone:
// the next person on this phone may be another one. No other page of ours is kept. What it does not name here goes to
// the network as if it were not there.

import { clear, isPaper, keep, paperName, who } from "./shelf.js";

const STORE = `learnhub-${HERE.version}`;
const PICTURE = /^image\/(?!svg)/;
const ATTEMPT = new RegExp(`^${HERE.attempts}(\\d+)(/hand-in)?$`);
const PATIENCE = 8000; // milliseconds that a network may take until a paper that lies here is shown
const DOWN = [502, 503, 504];
const FORMULA = /\\[([]|\$\$/;
const MATHEMATICS = /\/(math|katex[\w.]*)\.(js|css)$/;
const HOME_SCREEN = /\/img\/icon-/;
const FILES = /["'(]((?:\.\.\/)+[\w./-]+\.(?:js|css|woff2|svg))["')]/g;

// Without waiting for open pages to close: every page names its files by content, so an old one finds its own.
self.addEventListener("install", (event) => event.waitUntil(fill().then(() => self.skipWaiting())));

async function fill() {
  const store = await caches.open(STORE);
  await store.addAll(HERE.shell);
  await store.add(new Request(HERE.offline, { credentials: "omit", cache: "reload" }));
}

self.addEventListener("activate", (event) => event.waitUntil(takeOver()));

async function takeOver() {
  const old = (await caches.keys()).filter((name) => name.startsWith("learnhub-") && name !== STORE && !isPaper(name));
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
  else if (request.mode === "navigate") event.respondWith(page(event, ATTEMPT.exec(pathname)?.[1]));
  else if (HERE.pictures && pathname.startsWith(HERE.pictures)) event.respondWith(picture(request));
});

self.addEventListener("message", (event) => {
  if (event.data.keep) event.waitUntil(keepPaper(event.data.keep).catch(() => {})); // The device is full, or no network.
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

async function page(event, attempt) {
  const kept = attempt && await paper(attempt);
  const answer = Promise.resolve(event.preloadResponse).then((early) => early || fetch(event.request));
  const late = new Promise((resolve) => { if (kept) setTimeout(resolve, PATIENCE, null); });
  try {
    const first = await Promise.race([answer, late]);
    if (first && !(kept && DOWN.includes(first.status))) return first;
    answer.catch(() => {});
  } catch { /* no network */ }
  return kept || caches.match(HERE.offline);
}

// ---- The paper of an attempt: all its questions on one page, with the files and pictures that it needs, in a store of
// its own under member and attempt. The page's script puts the answers in, from the shelf.

async function storeOf(attempt) {
  const member = await who().catch(() => "");
  const name = paperName(member, attempt);
  return member && (await caches.has(name)) ? caches.open(name) : null;
}

const paper = async (attempt) => (await storeOf(attempt))?.match(`${HERE.attempts}${attempt}`);

async function keepPaper({ member, attempt, paper: address }) {
  if (await paper(attempt)) return;
  const page = await fetch(address, { credentials: "same-origin" });
  if (!page.ok || page.redirected) return;
  const text = await page.clone().text(), name = paperName(member, attempt);
  try {
    const store = await caches.open(name), seen = new Set();
    await gather(store, seen, [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, used]) => used), address, FORMULA.test(text));
    await store.put(`${HERE.attempts}${attempt}`, page); // Last: a paper is there with everything, or it is not there.
    if ((await who()) !== member) await caches.delete(name);
  } catch (error) {
    await caches.delete(name);
    throw error;
  }
}

// Files of ours with what they name in turn, and pictures. Mathematics is large, so it comes where there is some. A
// picture that can't be had is missed by one question, not by the paper.
async function gather(store, seen, used, from, formulas) {
  for (const one of used) {
    const { origin, pathname } = new URL(one, new URL(from, self.location)), href = origin + pathname;
    const ours = pathname.startsWith(HERE.assets) || (HERE.pictures && pathname.startsWith(HERE.pictures));
    if (origin !== self.location.origin || seen.has(href) || !ours) continue;
    if (HOME_SCREEN.test(pathname) || (!formulas && MATHEMATICS.test(pathname))) continue;
    seen.add(href);
    const answer = await fetch(href);
    if (!answer.ok) continue;
    const inside = /\.(js|css)$/.test(pathname) ? [...(await answer.clone().text()).matchAll(FILES)].map(([, file]) => file) : [];
    await store.put(href, answer);
    await gather(store, seen, inside, href, formulas);
  }
}

// Pictures are named by their content: one that lies with a paper of this member needs no network.
async function picture(request) {
  const mine = paperName(await who().catch(() => ""), "");
  for (const name of await caches.keys()) {
    const kept = name.startsWith(mine) && await caches.match(request, { cacheName: name, ignoreVary: true });
    if (kept) return kept;
  }
  return fetch(request);
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
