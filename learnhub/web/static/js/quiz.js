// A quiz page: every answer saved as it is given, kept on this device until the server has it, and the server's clock.
// Without this script the page is a plain form; see docs/decisions/0003-answers.md for what sequence and base mean.

import { inWords, read, write } from "./answers.js";
import { Problem, send, toast } from "./app.js";
import { Clock } from "./clock.js";
import { listen as listenByHand, uploaded } from "./by_hand.js";

const TIMEOUT = 15000;
const LONGEST_WAIT = 30000;
const PREFIX = "learnhub-answer:";
const jitter = (ms) => ms * (0.7 + 0.6 * Math.random());
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

// ---- What waits on this device: one record for each slot, keyed by member, attempt and slot.

class Shelf {
  constructor(member, attempt) {
    this.prefix = `${PREFIX}${member}:${attempt}:`;
    this.spare = new Map(); // where the browser keeps nothing for us, memory has to do
  }
  keep(slot, record) {
    this.spare.set(String(slot), record);
    try { localStorage.setItem(this.prefix + slot, JSON.stringify(record)); } catch { /* full or forbidden */ }
  }
  drop(slot) {
    this.spare.delete(String(slot));
    try { localStorage.removeItem(this.prefix + slot); } catch { /* forbidden */ }
  }
  read() {
    const found = new Map(this.spare);
    try {
      for (const key of Object.keys(localStorage)) {
        if (key.startsWith(this.prefix)) found.set(key.slice(this.prefix.length), JSON.parse(localStorage.getItem(key)));
      }
    } catch { /* forbidden, or not ours */ }
    return found;
  }
  wipe() { for (const slot of this.read().keys()) this.drop(slot); }
}

// What was typed or chosen before this script ran, on a slow phone.
const touched = (box) => [...box.querySelectorAll("input:not([type=file], [type=hidden]), textarea, select")].some((field) => {
  if (field.tagName === "SELECT") return [...field.options].some((option, n) => option.selected !== (option.defaultSelected || (!n && ![...field.options].some((one) => one.defaultSelected))));
  return ["checkbox", "radio"].includes(field.type) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
});

class Quiz {
  constructor(form) {
    this.form = form;
    this.words = JSON.parse(form.dataset.words);
    this.api = form.dataset.api;
    this.shelf = new Shelf(form.dataset.member, form.dataset.attempt);
    this.boxes = new Map([...form.querySelectorAll("[data-slot]")].map((box) => [box.dataset.slot, box]));
    this.known = new Map(); // slot -> {base, sequence, response}: what the server holds as far as we know
    this.waiting = new Map(); // slot -> record, on its way or not yet
    this.timers = new Map();
    this.failures = 0;
    this.pumping = null;
    this.over = false;
    this.clock = new Clock(form, this.words, { over: () => this.finish(), closed: () => this.leaveFor() });
    for (const [slot, box] of this.boxes) {
      this.known.set(slot, { base: Number(box.dataset.base), sequence: Number(box.dataset.sequence), response: read(box) });
    }
    for (const [slot, record] of this.shelf.read()) {
      this.waiting.set(slot, record);
      const box = this.boxes.get(slot);
      if (box) write(box, record.response);
      this.show(slot, "waiting");
    }
    for (const [slot, box] of this.boxes) {
      if (this.waiting.has(slot) || !touched(box)) continue;
      this.known.get(slot).response = null;
      this.remember(slot);
      this.show(slot, "waiting");
    }
    this.listen();
    listenByHand(form);
    if (this.waiting.size) this.pump();
  }

  listen() {
    const slotOf = (event) => event.target.closest("[data-slot]")?.dataset.slot;
    this.form.addEventListener("input", (event) => {
      const slot = slotOf(event);
      if (!slot || event.target.type === "file" || event.target.name.endsWith("-keep")) return;
      const typed = ["text", "textarea"].includes(event.target.type);
      this.show(slot, "waiting");
      clearTimeout(this.timers.get(slot));
      this.timers.set(slot, setTimeout(() => this.changed(slot), typed ? jitter(Number(this.form.dataset.interval)) : 150));
      this.remember(slot);
    });
    this.form.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button?.name === "clear") {
        event.preventDefault();
        const box = this.boxes.get(button.value);
        write(box, {});
        this.changed(button.value);
      }
    });
    this.form.addEventListener("submit", (event) => {
      if (this.plain) return;
      event.preventDefault();
      this.leave(event.submitter);
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.flushNow(); else this.resync();
    });
    window.addEventListener("pagehide", () => this.flushNow());
    window.addEventListener("online", () => { this.failures = 0; setTimeout(() => this.pump(), jitter(500)); });
    window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  }

  // Keep what the fields say, on this device, at once: a killed tab loses nothing.
  remember(slot) {
    const box = this.boxes.get(slot), response = read(box);
    const known = this.known.get(slot), before = this.waiting.get(slot);
    if (before && same(before.response, response)) return;
    if (!before && same(known.response, response)) return;
    const sent = before ? { ...before.sent, ...(before.tried ? { [before.sequence]: before.response } : {}) } : {};
    const sequence = Math.max(known.sequence, before?.sequence || 0) + 1;
    const record = { response, sequence, base: known.base, sent, tried: false, recorded_at: new Date(this.clock.now()).toISOString() };
    this.waiting.set(slot, record);
    this.shelf.keep(slot, record);
  }

  changed(slot) {
    clearTimeout(this.timers.get(slot));
    this.timers.delete(slot);
    const box = this.boxes.get(slot);
    if (!box) return;
    this.remember(slot);
    box.querySelector("[data-fault]").textContent = "";
    if (this.waiting.has(slot)) this.pump(); else this.show(slot, this.known.get(slot).base ? "saved" : "");
  }

  // One call in flight, so that a slot's answers arrive in order; everything that waits goes with it.
  pump() {
    this.pumping ||= this.run().finally(() => { this.pumping = null; });
    return this.pumping;
  }

  async run() {
    while ([...this.waiting.values()].some((record) => !record.refused)) {
      const batch = [...this.waiting].filter(([, record]) => !record.refused).slice(0, 200);
      for (const [slot, record] of batch) { record.tried = true; this.shelf.keep(slot, record); }
      try {
        for (const outcome of await this.put(batch)) await this.settle(outcome, new Map(batch).get(String(outcome.slot)));
        this.failures = 0;
      } catch (error) {
        if (error instanceof Problem && error.body.code === "closed") { this.closed = true; this.finish(); return; }
        if (error instanceof Problem && [400, 403, 404].includes(error.status)) {
          for (const [slot] of batch) this.show(slot, "failed");
          this.overall("failed", error.message);
          return;
        }
        this.failures += 1;
        for (const [slot] of batch) this.show(slot, "waiting");
        this.overall("failed", this.words.offline);
        const wait = Math.min(LONGEST_WAIT, 1000 * 2 ** Math.min(this.failures, 5));
        await pause(Math.max(jitter(wait), (error.retryAfter || 0) * 1000));
      }
    }
    this.overall("saved", this.boxes.size ? "" : this.words.all);
  }

  body(record) { return { response: record.response, sequence: record.sequence, base: record.base, recorded_at: record.recorded_at }; }

  async put(batch) {
    const signal = AbortSignal.timeout(TIMEOUT);
    if (batch.length > 1) {
      const answers = batch.map(([slot, record]) => ({ slot: Number(slot), ...this.body(record) }));
      return (await send(`${this.api}/answers`, { method: "PUT", json: { answers }, signal })).results;
    }
    const [slot, record] = batch[0];
    try {
      const receipt = await send(`${this.api}/answers/${slot}`, { method: "PUT", json: this.body(record), signal });
      this.clock.hear(receipt);
      return [{ ...receipt, slot, status: "saved" }];
    } catch (error) {
      if (error instanceof Problem && error.body.code === "stale") return [{ slot, status: "stale", current: error.body.current }];
      if (error instanceof Problem && error.status === 422) return [{ slot, status: "refused", detail: error.message }];
      throw error;
    }
  }

  async settle(outcome, sent) {
    const slot = String(outcome.slot), newest = this.waiting.get(slot);
    if (outcome.status === "refused") {
      if (newest !== sent) return;
      newest.refused = true;
      this.show(slot, "failed");
      const fault = this.boxes.get(slot)?.querySelector("[data-fault]");
      if (fault) fault.textContent = outcome.detail;
    } else if (outcome.status === "stale") {
      const current = outcome.current, ours = sent.sent?.[current.sequence];
      const mine = (ours && same(ours, current.response)) || await this.choose(slot, newest, current);
      this.known.set(slot, { base: current.revision, sequence: current.sequence, response: current.response });
      if (mine) this.again(slot, newest, current.revision, Math.max(newest.sequence, current.sequence) + 1);
      else this.settled(slot);
    } else {
      this.known.set(slot, { base: outcome.revision, sequence: Math.max(outcome.sequence, sent.sequence), response: sent.response });
      if (newest === sent) this.settled(slot); else this.again(slot, newest, outcome.revision, newest.sequence);
    }
  }

  again(slot, record, base, sequence) {
    Object.assign(record, { base, sequence });
    this.shelf.keep(slot, record);
  }

  settled(slot) {
    this.waiting.delete(slot);
    this.shelf.drop(slot);
    this.show(slot, "saved");
  }

  // Another window saved a different answer: the member chooses.
  choose(slot, record, current) {
    const dialog = document.getElementById("conflict"), box = this.boxes.get(slot);
    dialog.querySelector("[data-number]").textContent = slot;
    dialog.querySelector("[data-mine]").textContent = this.inWords(box, record.response);
    dialog.querySelector("[data-theirs]").textContent = this.inWords(box, current.response);
    dialog.returnValue = "";
    dialog.addEventListener("cancel", (event) => event.preventDefault(), { once: true });
    dialog.showModal();
    return new Promise((resolve) => dialog.addEventListener("close", () => {
      if (dialog.returnValue === "theirs" && box) write(box, current.response);
      resolve(dialog.returnValue !== "theirs");
    }, { once: true }));
  }

  inWords(box, response) { return inWords(box, response) || this.words[response.choice] || this.words.blank; }

  // The page goes away: what waits is sent in the background, and stays on this device until it is acknowledged.
  flushNow() {
    for (const slot of [...this.timers.keys()]) this.changed(slot);
    for (const box of this.boxes.values()) this.remember(box.dataset.slot);
    for (const [slot, record] of this.waiting) {
      if (record.refused) continue;
      record.tried = true;
      this.shelf.keep(slot, record);
      send(`${this.api}/answers/${slot}`, { method: "PUT", json: this.body(record), keepalive: true, ask: false }).catch(() => {});
    }
  }

  // Everything that the fields say is sent; true when the server has it all within the time.
  async flush(ms) {
    for (const slot of [...this.boxes.keys()]) this.changed(slot);
    if (this.waiting.size) await Promise.race([this.pump(), pause(ms)]);
    return this.waiting.size === 0;
  }

  async leave(button) {
    await uploaded();
    const done = await this.flush(4000);
    if (done && "final" in this.form.dataset) return this.submitPlainly();
    if (done && button && "direct" in button.dataset && this.complete() && await this.handIn()) return;
    if (done && button && "post" in button.dataset) return this.submitPlainly(button);
    if (done && button?.dataset.href) location.assign(button.dataset.href);
    else if (!done) toast([...this.waiting.values()].some((record) => record.refused) ? this.words.failed : this.words.offline);
    delete this.form.dataset.sent;
    for (const one of this.form.querySelectorAll("[aria-disabled]")) one.removeAttribute("aria-disabled");
  }

  complete() {
    return [...this.form.querySelectorAll("[data-nav]")].every((button) => button.classList.contains("answered"));
  }

  // Practice with every question answered is handed in at once; whether it was.
  async handIn() {
    try { await send(`${this.api}/hand-in`, { signal: AbortSignal.timeout(TIMEOUT) }); } catch { return false; }
    location.assign(this.form.dataset.review);
    return true;
  }

  submitPlainly(button) {
    this.plain = true;
    if (button) this.form.append(Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value }));
    delete this.form.dataset.sent;
    this.form.submit();
  }

  // Zero: flush every field, then hand in; without a connection, go on trying.
  async finish() {
    if (this.over) return;
    this.over = true;
    this.overall("waiting", this.words.over);
    document.querySelector("[data-announce]").textContent = this.words.over;
    if (!this.closed) await Promise.race([this.flush(3500), pause(3500)]);
    for (let n = 0; !this.closed; n += 1) {
      try {
        await send(`${this.api}/hand-in`, { signal: AbortSignal.timeout(TIMEOUT) });
        break;
      } catch (error) {
        if (error instanceof Problem && error.status < 500 && error.status !== 429) break;
        this.overall("failed", this.words.offline);
        await pause(jitter(Math.min(LONGEST_WAIT, 1000 * 2 ** Math.min(n, 5))));
      }
    }
    location.assign(this.form.dataset.review);
  }

  // The attempt was closed elsewhere, or by its clock.
  // What was not sent yet is sent first: the server keeps it for the marker.
  async leaveFor() {
    if (this.over) return;
    if (this.waiting.size) await Promise.race([this.pump(), pause(TIMEOUT)]);
    if (!this.over) location.assign(this.form.dataset.review);
  }

  async resync() {
    await this.clock.resync();
    if (this.waiting.size) this.pump();
  }

  show(slot, state) {
    const line = this.boxes.get(slot)?.querySelector(".save-state");
    if (line && line.dataset.state !== state) { line.dataset.state = state; line.textContent = this.words[state] || ""; }
    const known = this.known.get(slot);
    const button = this.form.querySelector(`[data-nav="${slot}"]`);
    if (button && state === "saved" && known) button.classList.toggle("answered", Object.keys(known.response).length > 0);
    if (state === "waiting" && !this.failures) this.overall("waiting", "");
  }

  overall(state, text) {
    const line = document.querySelector("[data-all]");
    if (line) { line.dataset.state = state; line.textContent = text; }
  }
}

const form = document.querySelector("form[data-quiz]");
if (form) {
  new Quiz(form);
  if (form.querySelector("[data-order], [data-places]")) (await import("./arranging.js")).arrange(form);
}

// The attempt is over and its end is on the screen: nothing of it stays on this device.
const end = document.querySelector("[data-attempt-over]");
if (end) new Shelf(end.dataset.member, end.dataset.attempt).wipe();
