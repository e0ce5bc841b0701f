// The shelf: what this device keeps for a member between two pages, in IndexedDB. Pages and the service worker share it.
// Everything on it belongs to one member, and goes when that member signs out.

const MOST = 40;

function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("learnhub", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("who");
      request.result.createObjectStore("photos", { keyPath: "id", autoIncrement: true }).createIndex("member", "member");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

// Runs work on a store in one transaction and gives what its request found, once it is safely there.
async function inStore(name, mode, work) {
  const base = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = base.transaction(name, mode);
      const request = work(transaction.objectStore(name));
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    base.close();
  }
}

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

// Takes everything of the member from the shelf, and forgets who was here.
export async function clear(member) {
  await setWho("");
  const ids = await inStore("photos", "readonly", (store) => store.index("member").getAllKeys(member));
  await inStore("photos", "readwrite", (store) => { for (const id of ids) store.delete(id); });
}
