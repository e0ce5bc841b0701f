// Tells the server when the page of an attempt is left and how much is pasted, never what, in a quiz that asks for it.
// A small call of its own: answers do not wait for it, and what does not arrive is not told again.
const EVERY = 10_000;
const MOST = 50;
const form = document.querySelector("[data-quiz]");
const address = document.querySelector("[data-focus]")?.dataset.focus;
let waiting = [];
let leftAt = null;

function note(event) {
  if (waiting.length < MOST) waiting.push(event);
}

function flush() {
  if (!waiting.length) return;
  const body = new FormData();
  body.set("csrf_token", form.querySelector("[name=csrf_token]").value);
  body.set("events", JSON.stringify(waiting));
  if (navigator.sendBeacon(address, body)) waiting = [];
}

function leave(kind) {
  if (leftAt !== null) return;
  leftAt = performance.now();
  note({ kind, slot: slotOf(document.activeElement) });
}

function comeBack() {
  if (leftAt === null || document.hidden) return;
  note({ kind: "back", seconds: Math.round((performance.now() - leftAt) / 1000) });
  leftAt = null;
}

const slotOf = (node) => Number(node?.closest?.("[data-slot]")?.dataset.slot ?? 0) || null;

if (form && address) {
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) leave("hidden");
    else comeBack();
    flush();
  });
  window.addEventListener("blur", () => leave("blurred"));
  window.addEventListener("focus", comeBack);
  document.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text") ?? "";
    note({ kind: "pasted", length: text.length, slot: slotOf(event.target) });
  });
  window.addEventListener("pagehide", flush);
  window.setInterval(flush, EVERY);
}
