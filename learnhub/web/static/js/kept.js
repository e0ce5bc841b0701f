// The page without network: the papers that this device keeps for who is signed in here.

import { papersOf, who } from "./shelf.js";

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
