// The page of photos that were shared from the phone: lists what lies on this member's shelf.

import { photosOf, remove } from "./shelf.js";

const { lang } = document.documentElement;
const { member } = document.body.dataset;
const list = document.getElementById("shared");
const row = document.getElementById("shared-row");
const empty = document.getElementById("shared-empty");
const STEPS = [["megabyte", 1e6], ["kilobyte", 1e3], ["byte", 1]];

function size(bytes) {
  const [unit, step] = STEPS.find(([, least]) => bytes >= least) || STEPS.at(-1);
  const options = { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: step === 1e6 ? 1 : 0 };
  return new Intl.NumberFormat(lang, options).format(bytes / step);
}

function shown(photo) {
  const item = row.content.firstElementChild.cloneNode(true);
  const address = URL.createObjectURL(photo.file);
  const picture = item.querySelector("img");
  picture.addEventListener("error", () => { picture.hidden = true; }); // A kind that this browser can't show.
  picture.src = address;
  item.querySelector("[data-name]").textContent = photo.name;
  const when = new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeStyle: "short" }).format(photo.at);
  item.querySelector("[data-facts]").textContent = `${size(photo.size)} · ${when}`;
  for (const told of item.querySelectorAll("[data-which]")) told.textContent = photo.name;
  const link = item.querySelector("a[download]");
  link.href = address;
  link.download = photo.name;
  item.querySelector("button").addEventListener("click", async () => {
    await remove(photo.id);
    URL.revokeObjectURL(address);
    await show();
    (list.querySelector("button") || document.getElementById("main")).focus();
  });
  return item;
}

async function show() {
  const photos = await photosOf(member).catch(() => []);
  list.replaceChildren(...photos.reverse().map(shown));
  list.hidden = !photos.length;
  empty.hidden = Boolean(photos.length);
}

await show();
