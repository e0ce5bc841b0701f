// The time of a page where each question has its own: at zero the page is sent and left, as by its button.
// The server decides; this only counts on from what it said.

const line = document.querySelector("[data-page-left]");
const form = document.querySelector("form[data-quiz]");

if (line && form) {
  let end = performance.now() + 1000 * Number(line.dataset.pageLeft);
  line.addEventListener("more", ({ detail }) => { end += 1000 * detail; });
  const face = line.querySelector("[data-seconds]");
  const beat = setInterval(() => {
    const left = Math.max(0, (end - performance.now()) / 1000);
    const whole = Math.ceil(left);
    face.textContent = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
    if (left > 0) return;
    clearInterval(beat);
    const next = form.querySelector('[name="go"][value="next"]');
    if (next) form.requestSubmit(next);
    else setTimeout(() => location.reload(), 6000);
  }, 250);
}
