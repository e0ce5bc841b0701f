// Marking by hand: what the chosen levels come to, and Ctrl+Enter for "save and next". The form works without it.

const form = document.querySelector("form[data-marking]");

function sum(part) {
  const line = part.querySelector("[data-sum]");
  if (!line) return;
  let earned = 0, most = 0, whole = true;
  for (const criterion of part.querySelectorAll("fieldset.levels")) {
    const points = [...criterion.querySelectorAll("[data-points]")];
    const chosen = points.find((one) => one.checked);
    whole &&= Boolean(chosen);
    earned += Number(chosen?.dataset.points || 0);
    most += Math.max(...points.map((one) => Number(one.dataset.points)));
  }
  const mark = Math.round((Number(part.dataset.full) * earned) / most) / 1000;
  line.textContent = whole ? line.dataset.say.replace("{mark}", mark) : "";
}

if (form) {
  const parts = [...form.querySelectorAll("[data-part]")];
  parts.forEach(sum);
  form.addEventListener("change", (event) => {
    const part = event.target.closest("[data-part]");
    if (!part || event.target.type !== "radio") return;
    part.querySelector(".mark-field").value = "";
    sum(part);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(form.querySelector('[name="go"][value="next"]'));
    }
  });
}
