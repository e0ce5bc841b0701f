// What makes the page an app on a phone: the service worker, the number on the icon, and who is here. Loaded when
// everything else is there; without it nothing is missing from the pages.

import { forgetPapers, setWho, waitingOf } from "./shelf.js";

const bell = document.querySelector("[data-unread]");
const unread = Number(bell?.dataset.unread) || 0;
if (bell && navigator.setAppBadge) (unread ? navigator.setAppBadge(unread) : navigator.clearAppBadge()).catch(() => {});

const { worker, member = "", resend } = document.body.dataset;

// Private windows may refuse either; the pages work without.
if (window.isSecureContext && navigator.serviceWorker) {
  setWho(member).catch(() => {});
  navigator.serviceWorker.register(worker, { type: "module", updateViaCache: "none" }).catch(() => {});
}

// Papers of whoever was here before go; answers that wait go out, unless this page is about them.
if (member) {
  await forgetPapers((whose) => whose !== member).catch(() => {});
  const attempts = document.querySelector("[data-quiz], [data-attempt-over]") ? [] : await waitingOf(member).catch(() => []);
  if (attempts.length) (await import(resend)).resend(member, attempts); // The page names it: it uses app.js, which loads us.
}
