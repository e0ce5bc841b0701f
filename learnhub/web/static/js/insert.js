// Puts the line of a picture or a sound into the field where the author was last, at the cursor.
// Without it, the line is there to be copied.

const files = document.getElementById("files");
const form = files.closest("form");
const texts = "textarea, input[type=text], input:not([type])";
let last = form.elements.stem;

form.addEventListener("focusin", (event) => {
  if (event.target.matches(texts) && !files.contains(event.target)) last = event.target;
});
for (const button of files.querySelectorAll("[data-insert]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    last.setRangeText(button.dataset.insert, last.selectionStart, last.selectionEnd, "end");
    last.dispatchEvent(new Event("input", { bubbles: true }));
    last.focus();
  });
}
