// Tells the server that a lesson is being followed. The server's clock decides what counts; this only says "still here":
// visible, and touched in the last five minutes or playing. What a player played is reported as ranges.

import { send } from "./app.js";

const study = document.getElementById("study");
const media = document.getElementById("media");
const state = document.getElementById("study-state");
const tab = crypto.randomUUID();
const IDLE = 5 * 60 * 1000;

let touched = performance.now();
let ranges = [];
let from = null;
let shown = state.textContent.trim();

for (const kind of ["pointerdown", "pointermove", "keydown", "scroll", "touchstart"]) {
  addEventListener(kind, () => { touched = performance.now(); }, { passive: true, capture: true });
}

const playing = () => media && !media.paused && !media.ended;
const here = () => document.visibilityState === "visible" && (playing() || performance.now() - touched < IDLE);

function show(text) {
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
  media.addEventListener("playing", () => { from ??= media.currentTime; });
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

let busy = false;
async function beat(keepalive = false) {
  if (busy) return;
  if (!here() && !ranges.length) { show(study.dataset.paused); return; }
  busy = true;
  close();
  const played = ranges;
  ranges = [];
  try {
    const answer = await send(study.dataset.beats, {
      json: { tab, played: media ? played : null, position: media ? Math.floor(media.currentTime) : 0 }, keepalive,
    });
    const minutes = Math.floor(answer.today_seconds / 60);
    show(`${study.dataset.counting} · ${study.dataset.minutes.replace("{n}", minutes)}`);
    if (answer.completed) document.getElementById("study-done").hidden = false;
    const bar = document.querySelector("#coverage progress");
    if (bar && answer.coverage !== null) bar.value = answer.coverage;
  } catch {
    ranges = played.concat(ranges);
    show(study.dataset.failed);
  } finally {
    busy = false;
  }
}

// The first beat opens the interval; each later one is spread a little, so that a class does not beat in step.
beat();
const every = Number(study.dataset.every) * 1000;
(function again() {
  setTimeout(() => { beat(); again(); }, every * (0.9 + Math.random() * 0.2));
})();
document.addEventListener("visibilitychange", () => beat(true));
