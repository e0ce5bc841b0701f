// A quiz page: every answer saved as it is given, kept on this device until the server has it, and the server's clock.
// Without this script the page is a plain form; see docs/decisions/0003-answers.md for what sequence and base mean and
// docs/decisions/0012-offline.md for what happens without a network.

import { inWords, read, tell, touched, write } from "./answers.js";
import { Problem, send, toast } from "./app.js";
import { Clock } from "./clock.js";
import { backOff, jitter, newId, Outbox, pause, Sender, TIMEOUT } from "./outbox.js";
import { isKept } from "./shelf.js";

const SAID_AFTER = 2200; // milliseconds after the last change: "not saved" stands there within three seconds
const KEPT_AFTER = 2000; // the paper is fetched for offline use when the page has come to rest
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const given = (answer) => Object.keys(answer?.response || {}).length > 0;

class Quiz extends Sender {
  constructor(form, outbox, { waiting, held, paper }, uploads) {
    super(outbox, form.dataset.api, waiting);
    Object.assign(this, { form, uploads, intent: Boolean(paper.handIn), words: JSON.parse(form.dataset.words) });
    this.boxes = new Map([...form.querySelectorAll("[data-slot]")].map((box) => [box.dataset.slot, box]));
    this.timers = new Map();
    this.over = false;
    this.whole = "whole" in form.dataset; // all questions on one page: the paper as this device keeps it
    if (this.whole) this.takeClock(paper);
    const heard = (...clock) => this.heard(...clock), over = () => Promise.resolve().then(() => this.finish()); // it may be zero already
    this.clock = new Clock(form, this.words, { over, closed: () => this.leaveFor(), heard });
    for (const [slot, box] of this.boxes) this.begin(slot, box, held.get(slot));
    for (const [slot, answer] of held) if (!this.known.has(slot)) this.known.set(slot, answer);
    for (const [slot, record] of waiting) {
      const box = this.boxes.get(slot);
      if (box && !box.dataset.touched) write(box, record.response);
      this.show(slot, "waiting");
    }
    for (const [slot, box] of this.boxes) {
      if (!box.dataset.touched) continue;
      this.known.get(slot).response = null;
      this.remember(slot);
      this.show(slot, "waiting");
    }
    for (const slot of this.whole ? this.known.keys() : waiting.keys()) this.mark(slot);
    this.listen();
    uploads?.listen(form);
    for (const area of form.querySelectorAll("textarea.essay")) tell(area);
    setInterval(() => this.look(), 400);
    if (waiting.size) this.pump();
    if (this.whole) this.arrive(); else this.keepPaper();
    if (this.intent) this.handInLater();
  }

  // What the server holds: as the page says, or newer as we heard since the page was made.
  begin(slot, box, held) {
    const shown = { base: Number(box.dataset.base), sequence: Number(box.dataset.sequence), response: read(box) };
    if (touched(box)) box.dataset.touched = "yes";
    if (held?.base > shown.base) { // what was typed before this script ran was typed over what the page showed
      this.known.set(slot, box.dataset.touched ? { ...held, base: shown.base } : held);
      if (!box.dataset.touched && !same(held.response, shown.response)) write(box, held.response);
      this.show(slot, "saved");
      return;
    }
    this.known.set(slot, shown);
    if (shown.base && shown.base !== held?.base && !box.dataset.touched) this.outbox.hold(slot, shown);
  }

  // Where the address leads, although the whole paper is on this page.
  arrive() {
    const page = Number(new URLSearchParams(location.search).get("page")) || 1;
    if (page > 1 && !location.hash) document.getElementById(`q${(page - 1) * this.form.dataset.whole + 1}`)?.scrollIntoView();
    if (!this.intent && location.pathname.endsWith("/hand-in")) this.later();
    this.resync();
  }

  // A paper that was kept on this device says how late it was then: the device's own clock bridges the time since.
  takeClock({ deadline, ahead }) {
    if (ahead === undefined) return;
    this.form.dataset.serverNow = new Date(Date.now() + ahead).toISOString();
    if (deadline) this.form.dataset.deadline = deadline;
  }

  heard(deadline, serverNow) {
    this.outbox.note({ deadline, ahead: Date.parse(serverNow) - Date.now() });
    const note = document.querySelector("[data-without]");
    if (note) note.hidden = true;
    if (this.waiting.size || this.over || !this.down) return;
    this.failures = 0;
    this.done();
  }

  // The service worker keeps the paper, so that it opens without a network.
  keepPaper() {
    const { member, attempt, paper } = this.form.dataset;
    if (!paper) return this.outbox.note({ api: this.api }); // pages that come one by one are not kept, answers are
    this.outbox.note({ title: this.form.dataset.title, page: paper.split("?")[0], api: this.api });
    navigator.serviceWorker?.ready.then(async ({ active }) => {
      await pause(jitter(KEPT_AFTER));
      active.postMessage({ keep: { member, attempt, paper } });
    });
  }

  listen() {
    const slotOf = (event) => event.target.closest("[data-slot]")?.dataset.slot;
    this.form.addEventListener("input", (event) => {
      const slot = slotOf(event);
      if (!slot || event.target.type === "file" || event.target.name.endsWith("-keep")) return;
      const typed = ["text", "textarea"].includes(event.target.type);
      if (event.target.matches("textarea.essay")) tell(event.target);
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
        if (!button.offsetParent) box.querySelector(".choice input")?.focus(); // it hides itself: nothing is chosen
        this.changed(button.value);
      }
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.leave(event.submitter);
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.flushNow(); else this.resync();
    });
    window.addEventListener("pagehide", () => { this.flushNow(); this.outbox.journal(); });
    window.addEventListener("offline", () => this.look());
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
    const recorded_at = new Date(this.clock.now()).toISOString();
    const record = { id: newId(), at: Date.now(), api: this.api, response, sequence, base: known.base, sent, tried: false, recorded_at };
    this.waiting.set(slot, record);
    this.outbox.keep(slot, record);
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

  // What was not saved within a moment is called so, question by question.
  look() {
    this.down = this.failures > 0 || navigator.onLine === false;
    for (const [slot, record] of this.waiting) {
      if (record.refused || !(this.down || Date.now() - record.at > SAID_AFTER)) continue;
      this.show(slot, this.outbox.lost.has(slot) ? "lost" : "kept");
    }
    if (this.down && !this.over) this.overall("failed", this.wordsWithout());
  }

  wordsWithout() {
    if (this.outbox.lost.size) return this.words.nowhere;
    return this.waiting.size ? this.words.offline.replace("{n}", this.waiting.size) : this.words.away;
  }

  take(slot, response) {
    const box = this.boxes.get(slot);
    if (box) write(box, response);
  }

  // Where there is no way back, an answer to a page that another device left is the marker's to look at, not ours.
  passed(slot) { return !this.form.dataset.paper && !this.boxes.has(slot); }

  done() { this.overall("saved", this.boxes.size ? "" : this.words.all); }
  ended() { this.finish(); }

  // The server does not take what this page sends. A page that is too old is loaded anew: what waits is kept.
  stuck(error) {
    const again = performance.getEntriesByType("navigation")[0]?.type === "reload";
    if (error.status === 400 && !again && !this.outbox.lost.size) { location.reload(); return; }
    for (const slot of this.waiting.keys()) this.show(slot, "failed");
    this.overall("failed", error.message);
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
      this.outbox.keep(slot, record);
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
    await this.uploads?.uploaded();
    const away = this.failures > 0 || navigator.onLine === false, href = button?.dataset.href;
    const done = await this.flush(away ? 0 : 4000), final = "final" in this.form.dataset;
    if (href?.startsWith("#")) location.hash = href;
    else if ((away || this.failures) && (final || button?.value === "hand-in")) this.later();
    else if (done && !away && button && "post" in button.dataset) return this.submitPlainly(button);
    else if (done && (final || (button && "direct" in button.dataset && this.complete()))) { if (await this.handIn()) return; this.later(); }
    else if (href && ((done && !away) || await this.opensHere())) location.assign(href);
    else if ([...this.waiting.values()].some((record) => record.refused)) toast(this.words.failed);
    else if (!done || away) toast(this.wordsWithout());
    delete this.form.dataset.sent;
    for (const one of this.form.querySelectorAll("[aria-disabled]")) one.removeAttribute("aria-disabled");
  }

  // Whether another page of the paper opens without a network, with all that was typed.
  async opensHere() {
    const { member, attempt, paper } = this.form.dataset, refused = [...this.waiting.values()].some((record) => record.refused);
    if (!paper || refused || this.outbox.lost.size || !navigator.serviceWorker?.controller) return false;
    return isKept({ member, attempt, page: paper.split("?")[0] }).catch(() => false);
  }

  complete() {
    return [...this.form.querySelectorAll("[data-nav]")].every((button) => button.classList.contains("answered"));
  }

  // Whether the server has decided; then the review is on its way, which leads back here where there is none yet.
  async handIn() {
    try {
      await send(`${this.api}/hand-in`, { signal: AbortSignal.timeout(TIMEOUT) });
      this.windows?.postMessage({ over: true });
      await this.outbox.forgetPaper();
    } catch (error) {
      if (!(error instanceof Problem) || error.status >= 500 || error.status === 429) {
        this.failures += 1;
        this.patience = error.retryAfter;
        return false;
      }
    }
    location.assign(this.form.dataset.review);
    return true;
  }

  submitPlainly(button) {
    this.plain = true;
    this.form.append(Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value }));
    delete this.form.dataset.sent;
    this.form.submit();
  }

  // No network: whether to hand in when it is back.
  later() {
    const dialog = document.getElementById("later");
    dialog.returnValue = "";
    dialog.showModal();
    dialog.addEventListener("close", async () => {
      if (dialog.returnValue !== "yes") return;
      this.intent = true;
      await this.outbox.note({ handIn: true }); // said only when this device keeps it: the tab may go at once
      this.handInLater();
    }, { once: true });
  }

  handInLater() {
    const line = document.querySelector("[data-handing-in]");
    line.hidden = false;
    line.querySelector("button").addEventListener("click", async () => {
      this.intent = false;
      await this.outbox.note({ handIn: false });
      line.hidden = true;
      this.rouse();
    }, { once: true });
    this.untilHandedIn(() => this.intent && !this.over);
  }

  // Everything is sent first, then it is handed in, as often as it takes; `limit` is how long sending may hold it up.
  async untilHandedIn(wanted, limit) {
    for (let n = 1; wanted() && !this.closed; n += 1) {
      this.rouse();
      if (this.ready().length) await Promise.race([this.pump(), ...(limit ? [pause(limit)] : [])]);
      if (!wanted() || this.closed) return;
      if ((limit || !this.waiting.size) && await this.handIn()) return;
      await this.rest(backOff(n, this.patience));
    }
  }

  // Zero: flush every field, then hand in; without a connection, go on trying.
  async finish() {
    if (this.over) return;
    this.over = true;
    this.overall("waiting", this.words.over);
    document.querySelector("[data-announce]").textContent = this.words.over;
    if (!this.closed) await this.flush(3500);
    await this.untilHandedIn(() => this.over, 3500);
    if (this.closed) location.assign(this.form.dataset.review);
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

  show(slot, state, detail = "") {
    const box = this.boxes.get(slot), line = box?.querySelector(".save-state");
    if (detail && box) box.querySelector("[data-fault]").textContent = detail;
    if (line && line.dataset.state !== state) { line.dataset.state = state; line.textContent = this.words[state] || ""; }
    if (state === "saved") this.mark(slot);
    if (state === "waiting" && !this.failures) this.overall("waiting", "");
  }

  mark(slot) {
    const button = this.form.querySelector(`[data-nav="${slot}"]`);
    if (button) showState(button, "answered", this.words.answered, given(this.waiting.get(slot) || this.known.get(slot)));
  }

  overall(state, text) {
    const line = document.querySelector("[data-all]");
    if (line && (line.dataset.state !== state || line.textContent !== text)) { line.dataset.state = state; line.textContent = text; }
  }
}

// "Look at it again" without loading the page anew; without this script the button sends the form.
function showFlag(form, button, on) {
  button.name = on ? "unflag" : "flag";
  button.setAttribute("aria-pressed", String(on));
  button.querySelector("[data-words]").textContent = on ? button.dataset.on : button.dataset.off;
  const nav = form.querySelector(`[data-nav="${button.value}"]`);
  if (!nav) return;
  showState(nav, "flagged", button.dataset.said, on);
}

// A number of the navigator shows a state, and its name says it.
function showState(nav, state, said, on) {
  nav.classList.toggle(state, on);
  const name = nav.getAttribute("aria-label")?.replace(said, "");
  if (name) nav.setAttribute("aria-label", on ? name + said : name);
}

const form = document.querySelector("form[data-quiz]");
form.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-flag]");
  if (!button) return;
  event.preventDefault();
  const on = button.name === "flag";
  showFlag(form, button, on);
  try {
    await send(`${form.dataset.api}/flags/${button.value}`, { method: "PUT", json: { flagged: on } });
  } catch (error) {
    showFlag(form, button, !on);
    toast(error.message);
  }
});
const uploads = form.querySelector("[data-upload]") ? await import("./uploads.js") : null;
const outbox = new Outbox(form.dataset.member, form.dataset.attempt);
new Quiz(form, outbox, await outbox.open(), uploads);
if (form.querySelector("[data-order], [data-places]")) (await import("./arranging.js")).arrange(form);
form.dataset.running = ""; // from here on each answer is kept
