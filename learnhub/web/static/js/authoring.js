// Shows a lesson's text as members will see it, a moment after the last keystroke; and asks before work is lost.
// Without it, the button beside "Save" shows the same.

import { send } from "./app.js";

const form = document.querySelector("form[data-preview]");
const source = form.elements.body_source;
const shown = document.getElementById("preview");
let waiting = null;
let latest = 0;
let changed = false;

async function show() {
  const mine = ++latest;
  try {
    const answer = await send(form.dataset.preview, { json: { source: source.value } });
    if (mine === latest) shown.innerHTML = answer.html; // cleaned by the server, like every stored text
  } catch { /* the next keystroke tries again */ }
}

source.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(show, 500);
});
form.addEventListener("input", () => { changed = true; });
form.addEventListener("submit", () => { changed = false; });
addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
