// "Look at it again" without loading the page anew; without this script the button sends the form.

import { send, toast } from "./app.js";

const form = document.querySelector("form[data-quiz]");

function show(button, on) {
  button.name = on ? "unflag" : "flag";
  button.setAttribute("aria-pressed", String(on));
  button.querySelector("[data-words]").textContent = on ? button.dataset.on : button.dataset.off;
  const nav = form.querySelector(`[data-nav="${button.value}"]`);
  if (!nav) return;
  nav.classList.toggle("flagged", on);
  const name = nav.getAttribute("aria-label").replace(button.dataset.said, "");
  nav.setAttribute("aria-label", on ? name + button.dataset.said : name);
}

form?.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-flag]");
  if (!button) return;
  event.preventDefault();
  const on = button.name === "flag";
  show(button, on);
  try {
    await send(`${form.dataset.api}/flags/${button.value}`, { method: "PUT", json: { flagged: on } });
  } catch (error) {
    show(button, !on);
    toast(error.message);
  }
});
