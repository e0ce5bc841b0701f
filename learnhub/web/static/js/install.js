// What makes the page an app on a phone: the service worker, the number on the icon, and who is here. Loaded when
// everything else is there; without it nothing is missing from the pages.

import { setWho } from "./shelf.js";

const bell = document.querySelector("[data-unread]");
const unread = Number(bell?.dataset.unread) || 0;
if (navigator.setAppBadge) (unread ? navigator.setAppBadge(unread) : navigator.clearAppBadge()).catch(() => {});

// Private windows may refuse either; the pages work without.
if (window.isSecureContext && navigator.serviceWorker) {
  const { worker, member = "" } = document.body.dataset;
  setWho(member).catch(() => {});
  navigator.serviceWorker.register(worker, { type: "module", updateViaCache: "none" }).catch(() => {});
}
