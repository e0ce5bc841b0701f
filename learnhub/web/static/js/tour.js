// The tour of a role, beside the places it speaks of. Without this script the same steps are a page of the help.

import { send } from "./app.js";

const card = document.querySelector(".tour-card");
const pop = document.getElementById("tour");
const steps = [...pop.querySelectorAll("[data-step]")].map((one) => one.dataset);
const [skip, back, next] = ["skip", "back", "next"].map((what) => pop.querySelector(`[data-do=${what}]`));
const counter = pop.querySelector("[data-at]");
const nextWord = next.textContent;
const MARGIN = 12;
let at = -1;
let here = null;

// What a closed menu holds has a size, but is not to be seen.
const seen = (element) => element.getClientRects().length > 0 && !element.closest("details:not([open]) > .menu-body");

// A place in the navigation; when it stands in a closed menu, the menu's button. Or a part of the page.
function place({ link, part }) {
  const found = link ? [...document.querySelectorAll("nav a, .menu a")].filter((one) => one.getAttribute("href") === link) : [...document.querySelectorAll(part || "main")];
  const shown = found.find(seen);
  return shown || found.map((one) => one.closest("details")?.querySelector("summary")).find(Boolean) || null;
}

function put() {
  if (at < 0) return;
  const own = pop.getBoundingClientRect();
  const wide = document.documentElement.clientWidth;
  const high = window.innerHeight;
  const spot = here?.getBoundingClientRect();
  let side = "free";
  let top = high - own.height - 88;
  let left = (wide - own.width) / 2;
  if (spot && spot.bottom > 0 && spot.top < high) {
    const below = spot.bottom + MARGIN + own.height < high;
    const above = spot.top - MARGIN - own.height > 0;
    if (below || above) {
      side = below ? "below" : "above";
      top = below ? spot.bottom + MARGIN : spot.top - MARGIN - own.height;
      const middle = spot.left + Math.min(spot.width, 240) / 2;
      left = Math.min(Math.max(middle - own.width / 2, MARGIN), wide - own.width - MARGIN);
      pop.style.setProperty("--at", `${Math.min(Math.max(middle - left, 24), own.width - 24)}px`);
    }
  }
  pop.dataset.side = side;
  pop.style.top = `${Math.max(top, MARGIN)}px`;
  pop.style.left = `${left}px`;
}

function show(number) {
  here?.classList.remove("tour-here");
  at = number;
  const step = steps[at];
  here = place(step);
  here?.classList.add("tour-here");
  here?.scrollIntoView({ block: "nearest", behavior: "instant" });
  counter.textContent = counter.dataset.at.replace("{n}", at + 1);
  document.getElementById("tour-title").textContent = step.title;
  document.getElementById("tour-text").textContent = step.text;
  document.getElementById("tour-more").href = step.more;
  back.hidden = at === 0;
  next.textContent = at === steps.length - 1 ? next.dataset.last : nextWord;
  pop.hidden = false;
  put();
  pop.focus({ preventScroll: true });
}

function close() {
  here?.classList.remove("tour-here");
  at = -1;
  pop.hidden = true;
}

// Seen: the card goes, the server remembers. If that fails, the card comes back on the next visit, and nothing is lost.
function finish() {
  close();
  card.hidden = true;
  document.getElementById("main").focus({ preventScroll: true });
  send(card.dataset.tour, { json: {}, ask: false }).catch(() => {});
}

card.querySelector("[data-begin]").addEventListener("click", (event) => { event.preventDefault(); show(0); });
skip.addEventListener("click", finish);
back.addEventListener("click", () => show(at - 1));
next.addEventListener("click", () => (at === steps.length - 1 ? finish() : show(at + 1)));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || at < 0) return;
  close();
  card.querySelector("[data-begin]").focus();
});
window.addEventListener("resize", put);
window.addEventListener("scroll", put, { passive: true });
if ("now" in card.dataset) show(0);
