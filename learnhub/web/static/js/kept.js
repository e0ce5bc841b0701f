// The page without network: in the language in which this device last showed a page of ours, if it knows it; and the
// papers that this device keeps for who is signed in here.

import { papersOf, who } from "./shelf.js";

let spoken = "";
try { spoken = localStorage.getItem("learnhub:language") ?? ""; } catch { /* It stays in both languages. */ }
const mine = [...document.querySelectorAll("[data-language]")].find((one) => one.lang === spoken);
if (mine) {
  for (const one of document.querySelectorAll("[data-language]")) if (one !== mine) one.remove();
  const title = mine.querySelector("h1, h2"), head = document.createElement("h1");
  head.textContent = document.title = title.textContent;
  title.replaceWith(head);
  mine.querySelector("[data-again]").className = "btn btn-primary";
  document.documentElement.lang = spoken;
}

const papers = await who().then((member) => (member ? papersOf(member) : [])).catch(() => []);
for (const place of document.querySelectorAll("[data-papers]")) {
  const row = place.querySelector("template").content;
  for (const { title, page } of papers) {
    const shown = row.cloneNode(true);
    const link = shown.querySelector("a");
    link.href = page;
    link.textContent = link.textContent.replace("{quiz}", title);
    place.append(shown);
  }
  place.hidden = !papers.length;
  if (papers.length) place.parentElement.querySelector("[data-again]").className = "btn btn-outline-secondary";
}
