// What every page shares: calls with the form token, the password asked again in place, no double submit, toasts.
// Everything works without it.

const root = document.documentElement;
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

// No double submit: the second click of an impatient finger does nothing; going back makes the form usable again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog") return;
  const question = form.dataset.confirm || event.submitter?.dataset.confirm;
  if (question && !window.confirm(question)) { event.preventDefault(); return; }
  if (form.hasAttribute("data-download")) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  if ((form.method || "get").toLowerCase() === "post") {
    form.dataset.sent = "1";
    setTimeout(() => form.querySelectorAll("[type=submit]").forEach((button) => button.setAttribute("aria-disabled", "true")));
  }
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
  }
});

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

root.classList.add("scripted");
