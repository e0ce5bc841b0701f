// How each kind of question is read from its fields, written into them, and put into words. `prefix` begins the names
// of its fields, so that a question inside a question is read the same way.

const named = (box, name) => [...box.querySelectorAll(`[name="${name}"]`)];
const begun = (box, prefix) => [...box.querySelectorAll(`[name^="${prefix}"]`)];
const choose = (box, prefix, keys) => named(box, `${prefix}choice`).forEach((input) => { input.checked = keys.includes(input.value); });
const ticked = (box, prefix) => named(box, `${prefix}choice`).filter((input) => input.checked).map((input) => input.value);
const some = (name, value, is) => (is ? { [name]: value } : {});
const written = (element) => element?.textContent.trim().replace(/\s+/g, " ") || "";
const labelled = (box, prefix, keys) => keys.filter(Boolean).map((key) => written(named(box, `${prefix}choice`).find((input) => input.value === key)?.closest("label")) || key);

const oneChoice = {
  read: (box, prefix) => { const [choice] = ticked(box, prefix); return some("choice", choice, choice); },
  write: (box, response, prefix) => choose(box, prefix, [response.choice]),
  words: (box, response, prefix) => labelled(box, prefix, [response.choice]),
};
const severalChoices = {
  read: (box, prefix) => { const choices = ticked(box, prefix); return some("choices", choices, choices.length); },
  write: (box, response, prefix) => choose(box, prefix, response.choices || []),
  words: (box, response, prefix) => labelled(box, prefix, response.choices || []),
};
const oneText = {
  read: (box, prefix) => { const text = named(box, `${prefix}text`)[0].value.trim(); return some("text", text, text); },
  write: (box, response, prefix) => { named(box, `${prefix}text`)[0].value = response.text || ""; },
  words: (_box, response) => [response.text],
};

const number = {
  read: (box, prefix) => { const found = oneText.read(box, prefix), unit = named(box, `${prefix}unit`)[0]?.value; return found.text && unit ? { ...found, unit } : found; },
  write: (box, response, prefix) => { oneText.write(box, response, prefix); for (const list of named(box, `${prefix}unit`)) list.value = response.unit || ""; },
  words: (_box, response) => [[response.text, response.unit].filter(Boolean).join(" ")],
};

// Fields that a list of values fills one by one: blanks, gaps.
const inARow = (name, field) => ({
  read: (box, prefix) => { const values = begun(box, prefix + field).map((input) => input.value.trim()); return some(name, values, values.some(Boolean)); },
  write: (box, response, prefix) => begun(box, prefix + field).forEach((input, n) => { input.value = response[name]?.[n] || ""; }),
  words: (box, response, prefix) => (response[name] || []).map((value, n) => worded(begun(box, prefix + field)[n], value)),
});

// Fields that are filled by key: the partner of a prompt, the place of an item.
const byKey = (name, field, of) => ({
  read: (box, prefix) => {
    const filled = begun(box, prefix + field).filter((input) => input.value);
    const values = Object.fromEntries(filled.map((input) => [input.name.slice((prefix + field).length), of(input.value)]).sort(([a], [b]) => (a < b ? -1 : 1)));
    return some(name, values, Object.keys(values).length);
  },
  write: (box, response, prefix) => begun(box, prefix + field).forEach((input) => { input.value = response[name]?.[input.name.slice((prefix + field).length)] || ""; }),
  words: (box, response, prefix) => begun(box, prefix + field).map((input) => [input, response[name]?.[input.name.slice((prefix + field).length)]])
    .filter(([, value]) => value).sort(([, a], [, b]) => (of === Number ? a - b : 0)).map(([input, value]) => `${written(input.labels[0])}: ${worded(input, value)}`),
});
const worded = (field, value) => written([...(field?.options || [])].find((option) => option.value === String(value))) || value;

// A part of a cloze: options, or fields that are typed or opened.
const part = {
  read: (box, prefix) => {
    const fields = begun(box, prefix), type = named(box, `${prefix}choice`)[0]?.type;
    if (type === "radio") return oneChoice.read(box, prefix);
    if (type === "checkbox") return severalChoices.read(box, prefix);
    return Object.fromEntries(fields.map((field) => [field.name.slice(prefix.length), field.value.trim()]).filter(([, value]) => value));
  },
  write: (box, response, prefix) => begun(box, prefix).forEach((field) => {
    const name = field.name.slice(prefix.length);
    if (["radio", "checkbox"].includes(field.type)) field.checked = [response.choice, ...(response.choices || [])].includes(field.value);
    else field.value = response[name] || "";
  }),
  words: (box, response, prefix) => {
    const select = named(box, `${prefix}choice`).find((field) => field.tagName === "SELECT");
    return select ? [worded(select, response.choice)] : [...labelled(box, prefix, [response.choice, ...(response.choices || [])]), response.text];
  },
};
const partsOf = (box, prefix) => [...new Set(begun(box, `${prefix}part-`).map((field) => field.name.slice(prefix.length).split("-")[1]))];
const cloze = {
  read: (box, prefix) => {
    const parts = Object.fromEntries(partsOf(box, prefix).map((n) => [n, part.read(box, `${prefix}part-${n}-`)]).filter(([, said]) => Object.keys(said).length));
    return some("parts", parts, Object.keys(parts).length);
  },
  write: (box, response, prefix) => partsOf(box, prefix).forEach((n) => part.write(box, response.parts?.[n] || {}, `${prefix}part-${n}-`)),
  words: (box, response, prefix) => Object.entries(response.parts || {}).flatMap(([n, said]) => part.words(box, said, `${prefix}part-${n}-`)),
};

// ---- Answers that a person marks: an essay with its words counted, files, and the questions of a case.

// A Chinese character is a word; so is whatever else stands between spaces and punctuation.
const WORD = /[\p{Script=Han}]|[^\s\p{Script=Han}\p{P}\p{S}]+(?:['’-][^\s\p{Script=Han}\p{P}\p{S}]+)*/gu;
export const countWords = (text) => (text.match(WORD) || []).length;

export const tell = (area) => {
  const line = area.closest(".field")?.querySelector("[data-words]");
  if (line) line.textContent = line.dataset.say.replace("{n}", countWords(area.value));
  if (!CSS.supports("field-sizing", "content")) {
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + 2}px`;
  }
};

const essay = {
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

export function addRow(box, file) {
  const holder = box.querySelector(".files"), row = holder.querySelector("[data-row]").content.cloneNode(true);
  const tick = row.querySelector("input");
  tick.value = lineOf(file);
  row.querySelector("[data-name]").textContent = file.name;
  row.querySelector("[data-size]").textContent = inUnits(file.size);
  holder.querySelector("[data-kept]").append(row);
  return tick;
}

const fileUpload = {
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

const caseOf = (kinds) => ({
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

const KINDS = {
  single_choice: oneChoice, true_false: oneChoice, multiple_choice: severalChoices, select_text: severalChoices,
  short_answer: oneText, numerical: number, fill_in: inARow("blanks", "blank-"), drag_text: inARow("gaps", "gap-"),
  matching: byKey("matches", "match-", String), ordering: byKey("places", "place-", Number), cloze,
  essay, file_upload: fileUpload,
};
KINDS.case = caseOf(KINDS);
const prefixOf = (box) => `s${box.dataset.slot}-`;

// The answer that the fields of a question hold, in the form that the API takes.
export const read = (box) => KINDS[box.dataset.kind].read(box, prefixOf(box));

// Puts an answer into the fields, and tells what stands over them.
export function write(box, response) {
  KINDS[box.dataset.kind].write(box, response, prefixOf(box));
  box.dispatchEvent(new CustomEvent("written"));
}

// What was typed or chosen before this script ran, on a slow phone.
const preset = (options) => [...options].some((one) => one.defaultSelected);
export const touched = (box) => [...box.querySelectorAll("input:not([type=file], [type=hidden]), textarea, select")].some((field) => {
  if (field.tagName === "SELECT") return [...field.options].some((option, n) => option.selected !== (option.defaultSelected || (!n && !preset(field.options))));
  return ["checkbox", "radio"].includes(field.type) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
});

// An answer in words; of a question that is not on the page, only what was typed.
export function inWords(box, response) {
  const said = box ? KINDS[box.dataset.kind].words(box, response, prefixOf(box)) : [response.text, ...(response.blanks || [])];
  return said.filter(Boolean).join(" / ");
}
