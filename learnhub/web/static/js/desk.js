// The desk by keyboard and mouse: rows under j and k, ranges under Shift, columns at once. Everything works without it.

const LETTERS = "lh-letters";
const lettersOn = () => { try { return localStorage.getItem(LETTERS) !== "off"; } catch { return true; } };
const typing = (element) => element.closest?.("input:not([type=checkbox]), select, textarea, [contenteditable], dialog[open]");

function rowsOf(desk) { return [...desk.querySelectorAll("tr[data-row]")]; }
function boxOf(row) { return row.querySelector("input[name=id]"); }

// The row's link takes the focus, so that Enter opens it; a row without one takes it itself.
function focusRow(row) {
  const target = row.querySelector("td.first a") || row;
  if (target === row) row.tabIndex = -1;
  target.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  clearOfHead(row);
}

// The head and the first column stand over what scrolls: a row that came to lie beneath is brought below it.
function clearOfHead(row) {
  const wrap = row.closest(".desk-wrap");
  const head = row.closest("table").tHead.getBoundingClientRect();
  const hidden = Math.min(head.bottom, wrap.getBoundingClientRect().top + head.height) - row.getBoundingClientRect().top;
  if (hidden > 0) wrap.scrollTop -= hidden;
}

function step(desk, by) {
  const rows = rowsOf(desk);
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const next = here < 0 ? rows.at(by > 0 ? 0 : -1) : rows[here + by];
  if (next) focusRow(next);
}

// Choosing: one, a range with Shift, or all on the page; the bar says how many.
let last = null;
function choose(desk, row, chosen, range) {
  const rows = rowsOf(desk);
  const [from, to] = [rows.indexOf(last), rows.indexOf(row)].sort((a, b) => a - b);
  const meant = range && from >= 0 ? rows.slice(from, to + 1) : [row];
  for (const one of meant) boxOf(one).checked = chosen;
  last = row;
  count(desk);
}
function count(desk) {
  const rows = rowsOf(desk).filter(boxOf);
  const chosen = rows.filter((row) => boxOf(row).checked);
  for (const row of rows) row.classList.toggle("chosen", boxOf(row).checked);
  const bar = desk.querySelector(".bulk-bar");
  if (!bar) return;
  bar.classList.toggle("some", chosen.length > 0);
  const words = bar.querySelector("[data-chosen]");
  words.textContent = words.dataset.words.replace("{n}", chosen.length);
  const all = desk.querySelector("[data-all]");
  all.checked = chosen.length === rows.length;
  all.indeterminate = chosen.length > 0 && !all.checked;
}

// A choice of columns shows at once: the page is fetched as the form would open it, and the desk changed in place.
async function arrange(desk, box) {
  const address = new URL(box.form.action);
  address.search = new URLSearchParams(new FormData(box.form)).toString();
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) { location.assign(address); return; }
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const made = fresh.querySelector("[data-desk]");
  if (!made) { location.assign(address); return; }
  const kept = new Set(rowsOf(desk).map(boxOf).filter((one) => one?.checked).map((one) => one.value));
  for (const one of made.querySelectorAll("input[name=id]")) one.checked = kept.has(one.value);
  const filters = document.querySelector(".desk-filters");
  const newFilters = fresh.querySelector(".desk-filters");
  if (filters && newFilters) filters.replaceWith(newFilters);
  const top = desk.querySelector("[data-columns] .menu-body").scrollTop;
  desk.replaceWith(made);
  history.replaceState(null, "", address);
  begin(made);
  made.querySelector("[data-columns]").open = true;
  made.querySelector("[data-columns] .menu-body").scrollTop = top;
  made.querySelector(`[data-columns] input[type=checkbox][name="${box.name}"][value="${CSS.escape(box.value)}"]`)?.focus();
}

function begin(desk) {
  const all = desk.querySelector("[data-all]");
  if (all) {
    all.closest("label").hidden = false;
    all.addEventListener("change", () => { for (const row of rowsOf(desk)) boxOf(row).checked = all.checked; count(desk); });
  }
  for (const row of rowsOf(desk)) {
    boxOf(row)?.addEventListener("click", (event) => choose(desk, row, event.target.checked, event.shiftKey));
  }
  for (const box of desk.querySelectorAll("[data-columns] input[type=checkbox]")) {
    box.addEventListener("change", () => arrange(desk, box));
  }
  const letters = desk.querySelector("[data-letters]");
  desk.querySelector("[data-keys]").hidden = false;
  letters.checked = lettersOn();
  letters.addEventListener("change", () => { try { localStorage.setItem(LETTERS, letters.checked ? "on" : "off"); } catch { /* not kept */ } });
  count(desk);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  const desk = document.querySelector("[data-desk]");
  const row = event.target.closest?.("tr[data-row]");
  const moves = { ArrowDown: 1, ArrowUp: -1, ...(lettersOn() ? { j: 1, k: -1 } : {}) };
  if (!desk) return;
  if (event.key in moves && (row || event.key.length === 1)) step(desk, moves[event.key]);
  else if (event.key === "Enter" && row === event.target) row.querySelector("a")?.click();
  else if (lettersOn() && event.key.toLowerCase() === "x" && row && boxOf(row)) choose(desk, row, !boxOf(row).checked, event.shiftKey);
  else if (lettersOn() && event.key === "/") {
    const filter = document.querySelector(".desk-filters input:not([type=hidden]), .desk-filters select");
    if (!filter) return;
    filter.focus();
    filter.select?.();
  } else return;
  event.preventDefault();
});
window.addEventListener("pageshow", () => document.querySelectorAll("[data-desk]").forEach(count));
document.querySelectorAll("[data-desk]").forEach(begin);
