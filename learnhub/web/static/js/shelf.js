// The shelf: what this device keeps for a member between two pages, in IndexedDB. Pages and the service worker share it.
// Everything on it belongs to one member. Photos and papers go when that member signs out; answers that the server does
// not have yet stay under the member's id until it has them.

const MOST = 40;
const SLOW = 4000;
const PAPER = /^learnhub-paper-(\d+)-(\d+)$/;

// Some browsers never answer when they may keep nothing: after a while that is a refusal too.
const opened = (name, prepare) => new Promise((resolve, reject) => {
  const request = indexedDB.open(name, 1);
  setTimeout(() => reject(new Error("slow")), SLOW);
  request.onupgradeneeded = () => prepare(request.result);
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

// Gives a function that runs work on a store (or several) in one transaction and gives what its request found, once it is
// safely there.
const baseOf = (name, prepare) => async (stores, mode, work) => {
  const base = await opened(name, prepare);
  try {
    return await new Promise((resolve, reject) => {
      const transaction = base.transaction(stores, mode);
      const request = work(transaction.objectStore([stores].flat()[0]), transaction);
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    base.close();
  }
};

const inStore = baseOf("learnhub", (base) => {
  base.createObjectStore("who");
  base.createObjectStore("photos", { keyPath: "id", autoIncrement: true }).createIndex("member", "member");
});

// Attempts: answers that wait for the server, answers that it held when we last heard, and papers (title, clock).
export const ofAttempts = baseOf("learnhub-attempts", (base) => {
  for (const name of ["waiting", "held"]) base.createObjectStore(name, { keyPath: ["member", "attempt", "slot"] });
  base.createObjectStore("papers", { keyPath: ["member", "attempt"] });
});

// Who is signed in here, as the last page said; "" for nobody.
export const who = async () => (await inStore("who", "readonly", (store) => store.get("member"))) || "";
export const setWho = (member) => inStore("who", "readwrite", (store) => store.put(member, "member"));

export const photosOf = (member) => inStore("photos", "readonly", (store) => store.index("member").getAll(member));
export const remove = (id) => inStore("photos", "readwrite", (store) => store.delete(id));

// Puts pictures on the member's shelf, as long as there is room; gives how many found it.
export async function keep(member, files) {
  const room = MOST - (await photosOf(member)).length;
  const kept = files.slice(0, Math.max(room, 0));
  await inStore("photos", "readwrite", (store) => {
    for (const file of kept) store.add({ member, name: file.name, type: file.type, size: file.size, at: Date.now(), file });
  });
  return kept.length;
}

// Where the service worker keeps the paper of an attempt, with everything that it needs.
export const paperName = (member, attempt) => `learnhub-paper-${member}-${attempt}`;
export const isPaper = (name) => PAPER.test(name);
export const isKept = async ({ member, attempt, page }) => Boolean(page && await caches.match(page, { cacheName: paperName(member, attempt) }));

export async function papersOf(member) {
  const all = await ofAttempts("papers", "readonly", (store) => store.getAll());
  const mine = all.filter((paper) => paper.member === member);
  const kept = await Promise.all(mine.map(isKept));
  return mine.filter((_paper, n) => kept[n]);
}

// The attempts of a member of which something has to go out: answers, or that it is to be handed in.
export async function waitingOf(member) {
  const answers = await ofAttempts("waiting", "readonly", (store) => store.getAllKeys());
  const papers = await ofAttempts("papers", "readonly", (store) => store.getAll());
  const asked = papers.filter((paper) => paper.handIn).map((paper) => [paper.member, paper.attempt]);
  return [...new Set([...answers, ...asked].filter(([whose]) => whose === member).map(([, attempt]) => attempt))];
}

// Forgets papers, and what the server held of them, where `goes(member, attempt)` says so.
export async function forgetPapers(goes) {
  for (const name of (await globalThis.caches?.keys()) || []) {
    const [, member, attempt] = PAPER.exec(name) || [];
    if (member && goes(member, attempt)) await caches.delete(name);
  }
  for (const name of ["papers", "held"]) {
    const keys = await ofAttempts(name, "readonly", (store) => store.getAllKeys());
    const gone = keys.filter(([member, attempt]) => goes(member, attempt));
    if (gone.length) await ofAttempts(name, "readwrite", (store) => { for (const key of gone) store.delete(key); });
  }
}

// Takes what may go of the member from the shelf, and forgets who was here.
export async function clear(member) {
  await setWho("");
  const ids = await inStore("photos", "readonly", (store) => store.index("member").getAllKeys(member));
  await inStore("photos", "readwrite", (store) => { for (const id of ids) store.delete(id); });
  await forgetPapers((whose) => whose === member);
}
