// What every page shares: calls with the form token, the password asked again in place, no double submit, toasts.
// Everything works without it.

const root = document.documentElement;
try { localStorage.setItem("learnhub:language", root.lang); } catch { /* The page without network speaks both then. */ }
const token = () => document.querySelector('meta[name="csrf-token"]').content;

export class Problem extends Error {
  constructor(status, body) {
    super(body.detail || body.title || String(status));
    this.status = status;
    this.body = body;
  }
}

// fetch with our token; JSON in and out. A 401 asks for the password and goes on; other errors throw a Problem.
export async function send(url, { method = "POST", json, keepalive = false, signal, ask = true } = {}) {
  const options = {
    method, keepalive, signal, credentials: "same-origin",
    headers: { "X-CSRFToken": token(), Accept: "application/json" },
  };
  if (json !== undefined) {
    options.body = JSON.stringify(json);
    options.headers["Content-Type"] = "application/json";
  }
  const response = await fetch(url, options);
  if (response.status === 401 && ask) {
    await askPassword();
    return send(url, { method, json, keepalive, signal, ask: false });
  }
  const text = await response.text();
  let body = {};
  try { body = text ? JSON.parse(text) : {}; } catch { body = { title: text.slice(0, 200) }; }
  if (!response.ok) {
    const problem = new Problem(response.status, body);
    problem.retryAfter = Number(response.headers.get("Retry-After")) || 0;
    throw problem;
  }
  return body;
}

// The password in place: one dialog, however many calls wait for it.
let asking = null;
export function askPassword() {
  asking ||= new Promise((resolve) => {
    const dialog = document.getElementById("resume");
    const form = dialog.querySelector("form");
    const refusal = dialog.querySelector("[role=alert]");
    const input = form.elements.resume_password;
    const submit = async (event) => {
      event.preventDefault();
      refusal.textContent = "";
      try {
        await send(form.dataset.resume, { json: { password: input.value }, ask: false });
        form.removeEventListener("submit", submit);
        input.value = "";
        dialog.close();
        asking = null;
        resolve();
      } catch (error) {
        refusal.textContent = error.message;
        input.select();
      }
    };
    form.addEventListener("submit", submit);
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    dialog.showModal();
    input.focus();
  });
  return asking;
}

export function toast(text) {
  const line = document.createElement("div");
  line.className = "toast-line";
  line.textContent = text;
  document.querySelector(".toasts").append(line);
  setTimeout(() => line.remove(), 6000);
}
for (const button of document.querySelectorAll("[data-toast]")) {
  button.addEventListener("click", () => toast(button.dataset.toast));
}

// A form or button with data-confirm asks first; the answer stands in the page, so that it speaks the page's language.
const asked = document.getElementById("confirm");
function confirmed(question) {
  asked.querySelector("p").textContent = question;
  asked.returnValue = "";
  asked.showModal();
  return new Promise((resolve) => asked.addEventListener("close", () => resolve(asked.returnValue === "yes"), { once: true }));
}

// No double submit: the second click of an impatient finger does nothing. Going back makes the form usable again, and
// so does waiting, since a download leaves the page where it is.
const AGAIN_AFTER = 8000;
function release(form) {
  delete form.dataset.sent;
  form.querySelectorAll("[type=submit][aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
}
document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || form.method === "dialog") return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  const question = submitter?.dataset.confirm || form.dataset.confirm;
  if (question && !form.dataset.confirmed) {
    event.preventDefault();
    if (!(await confirmed(question))) return;
    form.dataset.confirmed = "yes";
    form.requestSubmit(submitter);
    delete form.dataset.confirmed;
    return;
  }
  if (form.method !== "post" || form.hasAttribute("data-download")) return;
  form.dataset.sent = "yes";
  setTimeout(() => form.querySelectorAll("[type=submit]").forEach((button) => button.setAttribute("aria-disabled", "true")));
  setTimeout(() => release(form), AGAIN_AFTER);
});
window.addEventListener("pageshow", () => { for (const form of document.forms) release(form); });

// "3 hours ago", in the page's language, with the full time as the title.
const STEPS = [["minute", 60], ["hour", 3600], ["day", 86400], ["month", 2629800], ["year", 31557600]];
export function ago(seconds) {
  const [unit, length] = STEPS.findLast(([, size]) => Math.abs(seconds) >= size) || STEPS[0];
  return new Intl.RelativeTimeFormat(root.lang, { numeric: "auto" }).format(-Math.trunc(seconds / length), unit);
}
for (const time of document.querySelectorAll("time[data-relative]")) {
  time.title = time.textContent;
  time.textContent = ago((Date.now() - Date.parse(time.dateTime)) / 1000);
}

// Menus close when one looks elsewhere or presses Escape.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) { menu.open = false; menu.querySelector("summary").focus(); }
});

// A choice that should take effect at once.
for (const select of document.querySelectorAll("[data-submit-on-change]")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}

// A file field says what was chosen in the page's language.
function sayChosen(input) {
  const name = input.parentElement.querySelector("[data-none]");
  if (!name) return;
  name.textContent = [...input.files].map((file) => file.name).join(", ") || name.dataset.none;
  name.classList.toggle("chosen", input.files.length > 0);
}
document.addEventListener("change", ({ target }) => { if (target.type === "file") sayChosen(target); });
window.addEventListener("pageshow", () => document.querySelectorAll("input[type=file]").forEach(sayChosen));

// Files can be dropped where they can be chosen.
for (const zone of document.querySelectorAll(".drop")) {
  const input = zone.querySelector("input[type=file]");
  zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.classList.add("over"); });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

// The app on the phone: when the page is done.
addEventListener("load", () => import("./install.js"));

root.classList.add("scripted");

// Mathematics between \( and \), \[ and \], or two dollar signs: what draws it comes only where there is some.
if (/\\[([]|\$\$/.test(document.querySelector("main")?.textContent)) import("./math.js");
