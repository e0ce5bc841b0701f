// The lobby: asks for the place when the server said to, each page at its own moment, and starts when it is its turn.

const room = document.querySelector("[data-lobby]");
const start = () => room.querySelector("[data-start] form").requestSubmit();

async function ask() {
  let wait = 10;
  try {
    const answer = await fetch(room.dataset.lobby, { headers: { Accept: "application/json" } });
    const place = await answer.json();
    if (place.go) { location.assign(place.go); return; }
    if (place.admitted) { start(); return; }
    if (answer.ok) {
      const face = room.querySelector("[data-ahead]");
      face.textContent = place.ahead ? face.dataset.words.replace("{n}", place.ahead) : face.dataset.next;
      wait = place.again_in;
    }
  } catch { wait = 5 + 10 * Math.random(); }
  setTimeout(ask, 1000 * wait);
}

if ("admitted" in room.dataset) start();
else setTimeout(ask, 1000 * room.dataset.wait);
