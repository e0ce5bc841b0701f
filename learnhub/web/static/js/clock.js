// The clock of an attempt: counted from the server's two moments and a counter that nobody can set. More time (or less) shows at
// once: by an event from the server, else by asking twice a minute, and with every answer that is saved.

import { send, toast } from "./app.js";

const ASKS_EVERY = 25000;
const jitter = (ms) => ms * (0.7 + 0.6 * Math.random());

export class Clock {
  // over() is called at zero; closed() when the attempt is no longer open; heard() whenever the server told its clock.
  constructor(form, words, { over, closed, heard }) {
    Object.assign(this, { api: form.dataset.api, events: form.dataset.clock, words, over, closed, heard });
    this.face = document.querySelector("[data-left]");
    this.set(form.dataset.deadline, form.dataset.serverNow);
    this.said = this.left();
    this.beat = setInterval(() => this.draw(), 500);
    this.draw();
    this.listen();
  }

  set(deadline, serverNow) {
    const before = this.deadline;
    this.deadline = deadline ? Date.parse(deadline) : null;
    this.start = Date.parse(serverNow);
    this.zero = performance.now();
    const moved = before && this.deadline ? this.deadline - before : 0;
    if (Math.abs(moved) > 999) this.say(moved / 1000);
    this.draw();
  }

  say(more) {
    const news = (more > 0 ? this.words.more : this.words.less).replace("{time}", this.inWords(Math.abs(more)));
    toast(news);
    document.querySelector("[data-announce]").textContent = news;
  }

  now() { return this.start + performance.now() - this.zero; }
  left() { return this.deadline === null ? Infinity : (this.deadline - this.now()) / 1000; }
  inWords(seconds) { return this.words.minutes.replace("{n}", Math.ceil(seconds / 60)); }

  draw() {
    const timer = this.face?.closest(".timer");
    if (!timer) return;
    const left = Math.max(0, Math.ceil(this.left()));
    const parts = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60];
    this.face.textContent = (parts[0] ? parts : parts.slice(1)).map((n, i) => (i ? String(n).padStart(2, "0") : n)).join(":");
    timer.dataset.tone = left <= 60 ? "danger" : left <= 300 ? "warning" : "";
    for (const mark of [60, 300]) {
      if (left <= mark && this.said > mark) {
        document.querySelector("[data-announce]").textContent = this.words.left.replace("{time}", this.inWords(left));
      }
    }
    this.said = left;
    if (left === 0 && !this.ended) { this.ended = true; this.stop(); this.over(); }
  }

  stop() {
    clearInterval(this.beat);
    clearTimeout(this.asking);
    this.source?.close();
  }

  hear(clock) {
    if (clock.state && clock.state !== "open") { this.stop(); this.closed(); return; }
    this.hearOfPage(clock);
    this.set(clock.deadline, clock.server_now);
    this.heard(clock.deadline, clock.server_now);
  }

  // Where each question has its own time, time is granted to the page too (page_clock.js counts it down).
  hearOfPage({ page, page_extra_seconds }) {
    const line = document.querySelector("[data-page-left]");
    if (!line || page !== Number(line.dataset.page)) return;
    const more = page_extra_seconds - Number(line.dataset.pageExtra);
    if (!more) return;
    line.dataset.pageExtra = page_extra_seconds;
    line.dispatchEvent(new CustomEvent("more", { detail: more }));
    if (!this.deadline) this.say(more);
  }

  listen() {
    this.ask();
    if (!this.events || !window.EventSource) return;
    this.source = new EventSource(this.events);
    this.source.addEventListener("clock", (event) => this.hear(JSON.parse(event.data)));
    window.addEventListener("pagehide", () => this.source.close());
  }

  // Whether events come or not: a stream that hangs is noticed too.
  ask() {
    this.asking = setTimeout(async () => {
      await this.resync();
      if (!this.ended) this.ask();
    }, jitter(this.source?.readyState === 1 ? 4 * ASKS_EVERY : ASKS_EVERY));
  }

  // After sleep the counter may have stood still: the server is asked again. Offline, the counter goes on.
  async resync() {
    if (document.visibilityState === "hidden") return;
    try { this.hear(await send(`${this.api}/clock`, { method: "GET", ask: false })); } catch { /* offline */ }
  }
}
