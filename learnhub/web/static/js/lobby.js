// The lobby: asks for the place when the server said to, each page at its own moment, and starts when it is its turn.
// On a quiz's page it presses start, so that a crowd is told its places by one answer each; all else goes as a form.

const room = document.querySelector("[data-lobby]");
const form = document.querySelector("[data-start] form");
const face = room?.querySelector("[data-ahead]");

function tell(place) {
  face.textContent = place.ahead ? face.dataset.words.replace("{n}", place.ahead) : face.dataset.next;
  setTimeout(ask, 1000 * place.again_in);
}

async function ask() {
  try {
    const answer = await fetch(room.dataset.lobby, { headers: { Accept: "application/json" } });
    const place = await answer.json();
    if (place.go) location.assign(place.go);
    else if (place.admitted) begin();
    else if (answer.ok) tell(place);
    else setTimeout(ask, 10_000);
  } catch { setTimeout(ask, 5_000 + 10_000 * Math.random()); }
}

async function begin() {
  const fields = new URLSearchParams(new FormData(form));
  try {
    const answer = await fetch(form.action, { method: "POST", body: fields, headers: { Accept: "application/json" } });
    const found = await answer.json();
    if (answer.ok && found.go) location.assign(found.go);
    else if (answer.status === 202) wait(found);
    else form.submit();
  } catch { form.submit(); }
}

function wait(place) {
  room.dataset.lobby = place.room;
  history.replaceState(null, "", place.room);
  for (const one of document.querySelectorAll("[data-before]")) one.hidden = true;
  room.hidden = false;
  if (place.admitted) begin();
  else tell(place);
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  if (form.dataset.sent) return;
  form.dataset.sent = "yes";
  begin();
});

if (room && "admitted" in room.dataset) begin();
else if (room?.dataset.wait) setTimeout(ask, 1000 * room.dataset.wait);
