// The outbox of an attempt: one record for each question whose answer the server has not acknowledged, in IndexedDB
// under member, attempt and slot. Where the browser refuses that, localStorage keeps it; where it refuses both, memory
// does, and the page says so. Beside it lies what the server held when we last heard, for opening the paper offline.

import { askPassword, Problem, send } from "./app.js";
import { forgetPapers, ofAttempts } from "./shelf.js";

const PREFIX = "learnhub-answer:";
const TAB = Math.random().toString(36).slice(2);
const SHORTEST = 1000;
const LONGEST = 30000;
const SPREAD = 10000;
export const TIMEOUT = 15000;
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

// ---- When to try again. Everybody at once is what brings a server down that has just come back.

export const jitter = (ms) => ms * (0.7 + 0.6 * Math.random());

// After so many failures in a row; never before the moment that the server named (in seconds), and not all at it.
export function backOff(failures, retryAfter = 0) {
  const own = jitter(Math.min(LONGEST, SHORTEST * 2 ** Math.min(failures, 5)));
  return retryAfter ? Math.max(own, retryAfter * 1000 * (1 + 0.6 * Math.random())) : own;
}

// After the network was away for so many milliseconds: a whole building may have been without, for as long.
export const comingBack = (away) => 200 + Math.min(SPREAD, 300 + away / 6) * Math.random();

// ---- Several windows of one attempt send one after another where the browser can hold them apart. Where it can't, or
// the other one hangs, both send, and the server recognises the repetition.

async function oneByOne(name, work) {
  if (!navigator.locks) return work();
  let begun = false;
  const go = () => { begun = true; return work(); };
  try {
    return await navigator.locks.request(name, { signal: AbortSignal.timeout(20000) }, go);
  } catch (error) {
    if (begun) throw error;
    return work();
  }
}

let count = 0;
export const newId = () => `${TAB}:${(count += 1)}`;

export class Outbox {
  constructor(member, attempt) {
    Object.assign(this, { member, attempt, name: `${PREFIX}${member}:${attempt}` });
    this.todo = new Map(); // slot -> record to keep, or {gone: record}: not written yet
    this.writing = null;
    this.refused = false; // IndexedDB won't
    this.lost = new Set(); // slots that only memory keeps
  }

  key(slot) { return [this.member, this.attempt, String(slot)]; }
  get range() { return IDBKeyRange.bound([this.member, this.attempt], [this.member, this.attempt, []]); }

  // What waits and what the server held, by slot, and what is known of the paper.
  async open() {
    const [waiting, held, paper] = [new Map(), new Map(), {}];
    try {
      for (const { slot, record } of await ofAttempts("waiting", "readonly", (store) => store.getAll(this.range))) waiting.set(slot, record);
      for (const { slot, answer } of await ofAttempts("held", "readonly", (store) => store.getAll(this.range))) held.set(slot, answer);
      Object.assign(paper, await ofAttempts("papers", "readonly", (store) => store.get([this.member, this.attempt])));
    } catch { this.refused = true; }
    for (const [slot, record] of this.#spare()) {
      if ((waiting.get(slot)?.at || 0) > record.at) { this.#unspare(slot); continue; }
      waiting.set(slot, record);
      if (!this.refused) this.keep(slot, record);
    }
    return { waiting, held, paper };
  }

  // Of two records for a slot, from two windows, the one that was typed last stays.
  keep(slot, record) { return this.#later(slot, record); }
  drop(slot, record) { return this.#later(slot, { gone: record }); }

  #later(slot, change) {
    this.todo.set(String(slot), change);
    this.writing ||= this.#write().finally(() => { this.writing = null; });
    return this.writing;
  }

  async #write() {
    while (this.todo.size) {
      const batch = [...this.todo];
      try {
        if (this.refused) throw new Error("refused");
        await ofAttempts("waiting", "readwrite", (store) => { for (const [slot, change] of batch) this.#put(store, slot, change); });
        for (const [slot] of batch) this.#unspare(slot);
      } catch {
        for (const [slot, change] of batch) if (change.gone) this.#unspare(slot); else this.#putSpare(slot, change);
      }
      for (const [slot, change] of batch) if (this.todo.get(slot) === change) this.todo.delete(slot);
    }
  }

  #put(store, slot, change) {
    const there = store.get(this.key(slot)), record = change.gone || change;
    there.onsuccess = () => {
      const other = there.result?.record, ours = !other || other.id === record.id;
      if (change.gone) { if (ours) store.delete(this.key(slot)); return; }
      if (ours || other.at <= record.at) store.put({ member: this.member, attempt: this.attempt, slot, record });
    };
  }

  // The page may die before IndexedDB has answered: what is on its way is written down beside it, at once.
  journal() { for (const [slot, change] of this.todo) if (!change.gone) this.#putSpare(slot, change); }

  #putSpare(slot, record) {
    try { localStorage.setItem(`${this.name}:${slot}`, JSON.stringify(record)); this.lost.delete(slot); } catch { this.lost.add(slot); }
  }
  #unspare(slot) {
    this.lost.delete(slot);
    try { localStorage.removeItem(`${this.name}:${slot}`); } catch { /* forbidden */ }
  }
  // Also what an older version of this script kept here.
  #spare() {
    const found = new Map();
    try {
      for (const key of Object.keys(localStorage)) {
        if (!key.startsWith(`${this.name}:`)) continue;
        const record = JSON.parse(localStorage.getItem(key));
        found.set(key.slice(this.name.length + 1), { id: newId(), at: Date.parse(record.recorded_at) || 0, ...record });
      }
    } catch { /* forbidden, or not ours */ }
    return found;
  }

  hold(slot, answer) {
    if (this.refused) return;
    const kept = { member: this.member, attempt: this.attempt, slot: String(slot), answer };
    ofAttempts("held", "readwrite", (store) => store.put(kept)).catch(() => {});
  }

  // Something about the paper: its title, its deadline and clock, that it is to be handed in.
  note(more) {
    if (this.refused) return Promise.resolve();
    const key = [this.member, this.attempt];
    return ofAttempts("papers", "readwrite", (store) => {
      const there = store.get(key);
      there.onsuccess = () => store.put({ member: this.member, attempt: this.attempt, ...there.result, ...more });
    }).catch(() => {});
  }

  // The end of the attempt has been shown: nothing of it stays on this device.
  async wipe() {
    this.todo.clear();
    await this.writing;
    for (const slot of this.#spare().keys()) this.#unspare(slot);
    await ofAttempts("waiting", "readwrite", (store) => store.delete(this.range)).catch(() => {});
    await this.forgetPaper();
  }

  async forgetPaper() {
    await forgetPapers((member, attempt) => member === this.member && attempt === this.attempt).catch(() => {});
  }
}

// Sends what waits, and learns what the server holds. A page that shows answers tells more by overriding the words at
// the end.
export class Sender {
  constructor(outbox, api, waiting) {
    Object.assign(this, { outbox, api, waiting }); // waiting: slot -> record, on its way or not yet
    this.known = new Map(); // slot -> {base, sequence, response}: what the server holds as far as we know
    this.failures = 0;
    this.pumping = null;
    this.resting = new Set();
    this.windows = globalThis.BroadcastChannel ? new BroadcastChannel(outbox.name) : null;
    this.windows?.addEventListener("message", ({ data }) => this.hears(data));
    window.addEventListener("offline", () => { this.away ??= performance.now(); });
    window.addEventListener("online", () => this.comesBack());
  }

  // After the network was away, windows and members do not all come at the same moment.
  async comesBack() {
    await pause(comingBack(performance.now() - (this.away ?? performance.now())));
    this.away = undefined;
    this.failures = 0;
    this.rouse();
    this.resync();
  }

  // Another window of this attempt: it sent what waits here too, or handed in.
  hears({ slot, id, answer, over }) {
    if (over) { this.leaveFor(); return; }
    if (this.waiting.get(slot)?.id !== id) return;
    this.known.set(slot, answer);
    this.settled(slot, this.waiting.get(slot));
  }

  ready() { return [...this.waiting].filter(([, record]) => !record.refused).slice(0, 200); }

  // One call in flight, so that a slot's answers arrive in order; everything that waits goes with it.
  pump() {
    this.pumping ||= this.run().finally(() => { this.pumping = null; });
    return this.pumping;
  }

  async run() {
    while (this.ready().length) {
      try {
        for (const [outcome, sent] of await oneByOne(this.outbox.name, () => this.round())) await this.settle(outcome, sent);
        this.failures = 0;
      } catch (error) {
        if (error instanceof Problem && error.body.code === "closed") { this.closed = true; this.ended(); return; }
        if (error instanceof Problem && error.status === 401) { await askPassword(); continue; }
        if (error instanceof Problem && [400, 403, 404].includes(error.status)) {
          this.stuck(error);
          return;
        }
        this.failures += 1;
        this.look();
        await this.rest(backOff(this.failures, error.retryAfter));
      }
    }
    this.done();
  }

  // Sends what waits; what was saved is settled, what was not comes back.
  async round() {
    const batch = this.ready();
    if (!batch.length) return [];
    for (const [slot, record] of batch) { record.tried = true; this.outbox.keep(slot, record); }
    const outcomes = (await this.put(batch)).map((outcome) => [outcome, new Map(batch).get(String(outcome.slot))]);
    if (outcomes.some(([outcome]) => outcome.superseded)) await this.stands(outcomes);
    for (const [outcome, sent] of outcomes) if (outcome.status === "saved") this.saved(outcome, sent);
    return outcomes.filter(([outcome]) => outcome.status !== "saved");
  }

  // The server had these before, and a newer answer stands: it may be another one, from another device.
  async stands(outcomes) {
    const { questions } = await send(this.api, { method: "GET", ask: false });
    for (const [outcome] of outcomes) {
      if (outcome.superseded) outcome.response = questions.find((one) => one.slot === Number(outcome.slot))?.response;
    }
  }

  // A pause that ends at once when there is news.
  rest(ms) {
    return new Promise((resolve) => { this.resting.add(resolve); setTimeout(resolve, ms); });
  }
  rouse() {
    for (const resolve of this.resting) resolve();
    this.resting.clear();
  }

  body(record) { return { response: record.response, sequence: record.sequence, base: record.base, recorded_at: record.recorded_at }; }

  async put(batch) {
    const signal = AbortSignal.timeout(TIMEOUT);
    if (batch.length > 1) {
      const answers = batch.map(([slot, record]) => ({ slot: Number(slot), ...this.body(record) }));
      return (await send(`${this.api}/answers`, { method: "PUT", json: { answers }, signal, ask: false })).results;
    }
    const [slot, record] = batch[0];
    try {
      const receipt = await send(`${this.api}/answers/${slot}`, { method: "PUT", json: this.body(record), signal, ask: false });
      this.heard(receipt.deadline, receipt.server_now);
      return [{ ...receipt, slot, status: "saved" }];
    } catch (error) {
      if (error instanceof Problem && error.body.code === "stale") return [{ slot, status: "stale", current: error.body.current }];
      if (error instanceof Problem && error.status === 422) return [{ slot, status: "refused", detail: error.message }];
      throw error;
    }
  }

  saved(outcome, sent) {
    const slot = String(outcome.slot), newest = this.waiting.get(slot);
    const answer = { base: outcome.revision, sequence: Math.max(outcome.sequence, sent.sequence), response: outcome.response || sent.response };
    this.known.set(slot, answer);
    this.outbox.hold(slot, answer);
    if (newest === sent && !same(answer.response, sent.response)) this.take(slot, answer.response);
    this.windows?.postMessage({ slot, id: sent.id, answer });
    if (newest === sent) this.settled(slot, sent); else if (newest) this.again(slot, newest, answer.base, newest.sequence);
  }

  async settle(outcome, sent) {
    const slot = String(outcome.slot), newest = this.waiting.get(slot);
    if (!newest) return;
    if (outcome.status === "refused") {
      if (newest !== sent) return;
      if (this.passed(slot)) { this.settled(slot, newest); return; }
      newest.refused = true;
      this.show(slot, "failed", outcome.detail);
      return;
    }
    const current = outcome.current, ours = sent.sent?.[current.sequence];
    const mine = (ours && same(ours, current.response)) || await this.choose(slot, newest, current);
    const answer = { base: current.revision, sequence: current.sequence, response: current.response };
    this.known.set(slot, answer);
    this.outbox.hold(slot, answer);
    const last = this.waiting.get(slot);
    if (mine && last) this.again(slot, last, current.revision, Math.max(last.sequence, current.sequence) + 1);
    else if (last) this.settled(slot, last);
  }

  again(slot, record, base, sequence) {
    Object.assign(record, { base, sequence });
    this.outbox.keep(slot, record);
  }

  settled(slot, record) {
    this.waiting.delete(slot);
    this.outbox.drop(slot, record);
    this.show(slot, "saved");
  }

  // What a page has to say, and the member's choice between two versions: by default the one that stands.
  show() {}
  take() {}
  look() {}
  done() {}
  ended() {}
  stuck() {}
  passed() { return false; }
  leaveFor() {}
  heard() {}
  resync() { if (this.waiting.size) this.pump(); }
  choose() { return Promise.resolve(false); }
}
