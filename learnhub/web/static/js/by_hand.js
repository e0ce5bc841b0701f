// Answers that a person marks: an essay with its words counted, files uploaded at once, and the questions of a case.
// Without this script the page is a plain form: files go with it, and words are not counted.

const named = (box, name) => [...box.querySelectorAll(`[name="${name}"]`)];

// A Chinese character is a word; so is whatever else stands between spaces and punctuation.
const WORD = /[\p{Script=Han}]|[^\s\p{Script=Han}\p{P}\p{S}]+(?:['’-][^\s\p{Script=Han}\p{P}\p{S}]+)*/gu;
export const countWords = (text) => (text.match(WORD) || []).length;

const tell = (area) => {
  const line = area.closest(".field")?.querySelector("[data-words]");
  if (line) line.textContent = line.dataset.say.replace("{n}", countWords(area.value));
  if (!CSS.supports("field-sizing", "content")) {
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + 2}px`;
  }
};

export const essay = {
  read: (box, prefix) => {
    const area = named(box, `${prefix}text`)[0], text = area.value.trim();
    return text && text !== area.dataset.template.trim() ? { text } : {};
  },
  write: (box, response, prefix) => { const area = named(box, `${prefix}text`)[0]; area.value = response.text || area.dataset.template; tell(area); },
  words: (_box, response) => [response.text],
};

const lineOf = (file) => `${file.digest}/${file.size}/${file.name}`;
const fileOf = (line) => {
  const [digest, size, ...name] = line.split("/");
  return { digest, name: name.join("/"), size: Number(size) };
};
const inUnits = (size) => (size < 1e6 ? `${Math.max(1, Math.round(size / 1e3))} kB` : `${(size / 1e6).toFixed(1)} MB`);

function addRow(box, file) {
  const holder = box.querySelector(".files"), row = holder.querySelector("[data-row]").content.cloneNode(true);
  const tick = row.querySelector("input");
  tick.value = lineOf(file);
  row.querySelector("[data-name]").textContent = file.name;
  row.querySelector("[data-size]").textContent = inUnits(file.size);
  holder.querySelector("[data-kept]").append(row);
  return tick;
}

export const fileUpload = {
  read: (box, prefix) => {
    const files = named(box, `${prefix}file`).filter((tick) => tick.checked).map((tick) => fileOf(tick.value));
    return files.length ? { files } : {};
  },
  write: (box, response) => {
    box.querySelector("[data-kept]").replaceChildren();
    for (const file of response.files || []) addRow(box, file);
  },
  words: (_box, response) => (response.files || []).map((file) => file.name),
};

// The questions of a case: each is read by its own kind, its fields named with its key in front.
const within = (box, prefix) => [...box.querySelectorAll("[data-case-part]")].map((part) => [part, part.dataset.casePart, `${prefix}${part.dataset.casePart}-`]);

export const caseOf = (kinds) => ({
  read: (box, prefix) => {
    const said = within(box, prefix).map(([part, key, inner]) => [key, kinds[part.dataset.kind]?.read(part, inner) || {}]);
    const answers = Object.fromEntries(said.filter(([, response]) => Object.keys(response).length));
    return Object.keys(answers).length ? { answers } : {};
  },
  write: (box, response, prefix) => {
    for (const [part, key, inner] of within(box, prefix)) kinds[part.dataset.kind]?.write(part, response.answers?.[key] || {}, inner);
  },
  words: (box, response, prefix) => within(box, prefix).flatMap(([part, key, inner]) => (response.answers?.[key] ? kinds[part.dataset.kind].words(part, response.answers[key], inner) : [])),
});

// ---- Files go up one after another as they are chosen; leaving the page waits for them.

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
  const say = (text) => text.replace("{name}", file.name).replace("{n}", Math.floor(largest / 1e6) || 1);
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
  for (const area of form.querySelectorAll("textarea.essay")) tell(area);
  form.addEventListener("input", (event) => { if (event.target.matches("textarea.essay")) tell(event.target); });
  form.addEventListener("change", (event) => {
    const input = event.target, holder = input.closest(".files[data-upload]");
    if (input.type !== "file" || !holder) return;
    const files = [...input.files];
    input.value = "";
    holder.querySelector("[data-file-fault]").textContent = "";
    for (const file of files) going = going.then(() => upload(holder, input, file));
  });
}
