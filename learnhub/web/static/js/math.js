// Draws the mathematics of a page: TeX between \( and \), or on a line of its own between \[ and \] or $$ and $$.
// Screen readers get the MathML that stands beside what is drawn. Without this script the TeX itself is read, and so is
// a formula that has a mistake. See docs/decisions/0010-mathematics.md.

import "../vendor/katex/katex.min.js";

const FORMULA = /\\\(([^]+?)\\\)|\\\[([^]+?)\\\]|\$\$([^]+?)\$\$/g;
const BREAK = "\uE000"; // stands for a <br> inside a run of text
const LEFT_ALONE = "code, pre, textarea, select, button, script, style, .katex";
const LIMITS = { trust: false, strict: "ignore", maxSize: 20, maxExpand: 200 };

const sheet = document.createElement("link");
sheet.rel = "stylesheet";
sheet.href = import.meta.resolve("../vendor/katex/katex.min.css");
document.head.append(sheet);

// The content policy forbids style attributes; the same declarations by the object model are allowed.
function withoutStyleAttributes(work) {
  const set = Element.prototype.setAttribute;
  Element.prototype.setAttribute = function (name, value) {
    if (name === "style") this.style.cssText = value; else set.call(this, name, value);
  };
  try { return work(); } finally { Element.prototype.setAttribute = set; }
}

function drawn(tex, source, displayMode) {
  const place = document.createElement("span");
  try {
    withoutStyleAttributes(() => globalThis.katex.render(tex, place, { ...LIMITS, displayMode }));
  } catch (error) {
    const code = document.createElement("code");
    code.textContent = source;
    code.title = error.message;
    place.replaceChildren(code);
  }
  return place;
}

function plain(text) {
  return text.split(BREAK).flatMap((line, n) => (n ? [document.createElement("br"), line] : [line]));
}

// A run: texts and line breaks beside each other, in which a formula may go over several lines.
function draw(run) {
  const text = run.map((node) => (node.nodeType === Node.TEXT_NODE ? node.data : BREAK)).join("");
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(FORMULA)) {
    const tex = (found[1] ?? found[2] ?? found[3]).replaceAll(BREAK, "\n");
    nodes.push(...plain(text.slice(at, found.index)), drawn(tex, found[0].replaceAll(BREAK, "\n"), found[1] === undefined));
    at = found.index + found[0].length;
  }
  if (!nodes.length) return;
  run[0].before(...nodes, ...plain(text.slice(at)));
  for (const node of run) node.remove();
}

export function drawMathematics(element) {
  if (element.matches(LEFT_ALONE)) return;
  let run = [];
  for (const node of [...element.childNodes, null]) {
    if (node?.nodeType === Node.TEXT_NODE || node?.nodeName === "BR") { run.push(node); continue; }
    if (run.length) draw(run);
    run = [];
    if (node?.nodeType === Node.ELEMENT_NODE) drawMathematics(node);
  }
}

drawMathematics(document.getElementById("main"));
