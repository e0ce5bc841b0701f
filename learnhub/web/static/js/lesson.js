// Tells the server that a lesson is being followed. The server's clock decides what counts; this only says "still here":
// visible, and touched in the last five minutes or playing. What a player played is reported as ranges.

import { send } from "./app.js";

const study = document.getElementById("study");
const media = document.getElementById("media");
const state = document.getElementById("study-state");
const IDLE = 5 * 60 * 1000;

let tab = crypto.randomUUID();
let touched = performance.now();
let counting = true;
let ranges = [];
let from = null;
let shown = state.textContent.trim();

const playing = () => media && !media.paused && !media.ended;
const here = () => document.visibilityState === "visible" && (playing() || performance.now() - touched < IDLE);

function show(text, kind) {
  study.dataset.state = kind;
  if (text === shown) return;
  shown = text;
  state.textContent = text;
}

// The range that is being played ends where the playhead stands; seeking begins a new one.
function close() {
  if (from === null) return;
  if (media.currentTime > from) ranges.push([from, media.currentTime, media.playbackRate]);
  from = playing() ? media.currentTime : null;
}

if (media) {
  let last = 0;
  media.addEventListener("loadedmetadata", () => {
    const position = Number(study.dataset.position);
    if (position > 5 && position < media.duration - 5) media.currentTime = position;
  }, { once: true });
  media.addEventListener("playing", () => { from ??= media.currentTime; look(); });
  media.addEventListener("timeupdate", () => { if (!media.seeking) last = media.currentTime; });
  media.addEventListener("seeking", () => {
    if (from !== null && last > from) ranges.push([from, last, media.playbackRate]);
    from = null;
  });
  media.addEventListener("seeked", () => { from = playing() ? media.currentTime : null; });
  media.addEventListener("ratechange", close);
  media.addEventListener("pause", () => { close(); beat(); });
  media.addEventListener("ended", () => { close(); beat(); });
}

function cover(percent) {
  const block = document.getElementById("coverage");
  if (!block) return;
  block.querySelector("progress").value = percent;
  block.querySelector(".number").textContent = block.dataset.words.replace("{n}", percent);
}

let busy = false;
async function beat(keepalive = false) {
  if (busy) return;
  busy = true;
  close();
  const played = ranges;
  ranges = [];
  try {
    const answer = await send(study.dataset.beats, {
      json: { tab, played: media ? played : null, position: media ? Math.floor(media.currentTime) : 0 }, keepalive,
    });
    const minutes = Math.floor(answer.today_seconds / 60);
    if (counting) show(`${study.dataset.counting} · ${study.dataset.minutes.replace("{n}", minutes)}`, "counting");
    if (answer.completed) document.getElementById("study-done").hidden = false;
    if (answer.coverage !== null) cover(answer.coverage);
  } catch {
    ranges = played.concat(ranges);
    if (counting) show(study.dataset.failed, "failed");
  } finally {
    busy = false;
  }
}

// Counting stops when nobody is here any more, with a last beat up to now; whoever comes back begins under a new name,
// so that the time between is nobody's.
function look(keepalive = false) {
  if (here() === counting) return;
  counting = !counting;
  if (counting) {
    tab = crypto.randomUUID();
    show(study.dataset.counting, "counting");
  }
  beat(keepalive);
  if (!counting) show(study.dataset.paused, "paused");
}

for (const kind of ["pointerdown", "pointermove", "keydown", "scroll", "touchstart"]) {
  addEventListener(kind, () => { touched = performance.now(); look(); }, { passive: true, capture: true });
}
document.addEventListener("visibilitychange", () => look(true));
setInterval(look, 5000);

// The first beat opens the interval; each later one is spread a little, so that a class does not beat in step.
if (here()) beat(); else { counting = false; show(study.dataset.paused, "paused"); }
const every = Number(study.dataset.every) * 1000;
(function again() {
  setTimeout(() => { if (counting) beat(); again(); }, every * (0.9 + Math.random() * 0.2));
})();
