// Files go up one after another as they are chosen; leaving the page waits for them. Without this script they go with the
// form.

import { addRow } from "./answers.js";

let going = Promise.resolve();
export const uploaded = () => going;

function put(url, file, part, onProgress) {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest(), body = new FormData();
    body.append("part", part);
    body.append("file", file);
    call.open("POST", url);
    call.setRequestHeader("X-CSRFToken", document.querySelector('meta[name="csrf-token"]').content);
    call.setRequestHeader("Accept", "application/json");
    call.responseType = "json";
    call.upload.addEventListener("progress", (event) => { if (event.lengthComputable) onProgress((100 * event.loaded) / event.total); });
    call.addEventListener("load", () => (call.status < 300 ? resolve(call.response) : reject(new Error(call.response?.detail || call.response?.title || ""))));
    call.addEventListener("error", () => reject(new Error("")));
    call.send(body);
  });
}

async function upload(holder, input, file) {
  const words = JSON.parse(holder.dataset.words), largest = Number(holder.dataset.largest), most = Number(holder.dataset.most);
  const fault = holder.querySelector("[data-file-fault]"), bar = holder.querySelector("[data-bar]");
  const say = (text) => text.replace("{name}", file.name).replace("{n}", Math.floor(largest / (largest % 1048576 ? 1e6 : 1048576)) || 1);
  const box = holder.closest("[data-case-part]") || holder.closest("[data-slot]");
  const kept = [...holder.querySelectorAll("[data-kept] input:checked")];
  if (file.size > largest) { fault.textContent = say(words.large); return; }
  if (kept.length >= most && most > 1) { fault.textContent = words.many; return; }
  bar.hidden = false;
  bar.querySelector("[data-busy]").textContent = say(words.busy);
  try {
    const taken = await put(holder.dataset.upload, file, holder.dataset.part, (percent) => { bar.querySelector("progress").value = percent; });
    if (most === 1) for (const tick of kept) tick.closest("li").remove();
    addRow(box, taken).dispatchEvent(new Event("input", { bubbles: true }));
  } catch (error) {
    fault.textContent = error.message || say(words.failed);
  }
  bar.hidden = true;
  bar.querySelector("[data-busy]").textContent = "";
}

export function listen(form) {
  form.addEventListener("change", (event) => {
    const input = event.target, holder = input.closest(".files[data-upload]");
    if (input.type !== "file" || !holder) return;
    const files = [...input.files];
    input.value = "";
    holder.querySelector("[data-file-fault]").textContent = "";
    for (const file of files) going = going.then(() => upload(holder, input, file));
  });
}
