// What a finger or a mouse may do beside the lists to open: put items in order by buttons or by dragging, put choices
// into places by tapping or dragging them. The fields of the form hold the answer; each change is told as `input`.

const tell = (field) => field.dispatchEvent(new Event("input", { bubbles: true }));

// ---- Ordering

class Order {
  constructor(list) {
    this.list = list;
    this.box = list.closest("[data-slot]");
    this.said = this.box.querySelector("[data-said]");
    this.untouched = this.box.querySelector("[data-untouched]");
    this.shown = [...list.children]; // the order in which the items were shown
    this.box.querySelector("[data-plain]").hidden = true;
    for (const part of list.querySelectorAll("[data-moving]")) part.hidden = false;
    for (const field of list.querySelectorAll("select")) field.hidden = true;
    this.box.addEventListener("written", () => this.draw());
    this.untouched.querySelector("button").addEventListener("click", () => {
      this.commit();
      this.list.querySelector("button:not([disabled])").focus();
    });
    list.addEventListener("click", (event) => {
      const button = event.target.closest("[data-move]");
      if (button) this.move(button);
    });
    list.addEventListener("pointerdown", (event) => { if (event.target.closest(".grip")) this.drag(event); });
    this.draw();
  }

  field(item) { return item.querySelector("select"); }

  // Items by their places, those without one after them as they were shown.
  draw() {
    const place = (item) => Number(this.field(item).value) || Infinity;
    const order = [...this.shown].sort((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b)));
    this.list.replaceChildren(...order);
    this.settle();
  }

  settle() {
    const items = [...this.list.children];
    this.untouched.hidden = items.every((item) => this.field(item).value);
    this.list.classList.toggle("answered", this.untouched.hidden);
    items.forEach((item, n) => {
      const [up, down] = item.querySelectorAll("[data-move]");
      up.setAttribute("aria-disabled", n === 0);
      down.setAttribute("aria-disabled", n === items.length - 1);
    });
  }

  commit() {
    const items = [...this.list.children];
    items.forEach((item, n) => { this.field(item).value = n + 1; });
    this.settle();
    tell(this.field(items[0]));
  }

  move(button) {
    const item = button.closest("li"), up = button.dataset.move === "-1";
    const other = up ? item.previousElementSibling : item.nextElementSibling;
    if (!other) return;
    if (up) item.after(other); else item.before(other); // the other one moves, so that the focus stays
    this.commit();
    button.focus();
    item.scrollIntoView({ block: "nearest" });
    this.tellPlace(item);
  }

  tellPlace(item) {
    const words = item.querySelector("label").textContent.trim(), n = [...this.list.children].indexOf(item) + 1;
    this.said.textContent = this.list.dataset.moved.replace("{item}", words).replace("{n}", n);
  }

  drag(event) {
    const item = event.target.closest("li"), grip = event.target.closest(".grip"), before = [...this.list.children];
    event.preventDefault();
    grip.setPointerCapture(event.pointerId);
    item.classList.add("moving");
    const middle = (one) => { const { top, height } = one.getBoundingClientRect(); return top + height / 2; };
    const follow = ({ clientY }) => { // the others make room: an element that is moved would lose the pointer
      while (item.previousElementSibling && clientY < middle(item.previousElementSibling)) item.after(item.previousElementSibling);
      while (item.nextElementSibling && clientY > middle(item.nextElementSibling)) item.before(item.nextElementSibling);
    };
    const stop = (end) => {
      grip.removeEventListener("pointermove", follow);
      item.classList.remove("moving");
      if (end.type === "pointercancel") this.list.replaceChildren(...before);
      else if ([...this.list.children].some((one, n) => one !== before[n])) { this.commit(); this.tellPlace(item); }
    };
    grip.addEventListener("pointermove", follow);
    for (const type of ["pointerup", "pointercancel"]) grip.addEventListener(type, stop, { once: true });
  }
}

// ---- Choices into places

const FAR = 6; // pixels before a press becomes a drag

class Places {
  constructor(area) {
    this.area = area;
    this.pool = area.querySelector("[data-pool]");
    this.places = [...area.querySelectorAll("[data-place]")];
    this.token = null;
    this.pool.hidden = false;
    area.classList.add("enhanced");
    area.closest("[data-slot]").addEventListener("written", () => this.draw());
    area.addEventListener("input", () => this.draw());
    area.addEventListener("click", (event) => {
      const place = event.target.closest("[data-place]");
      if (this.dragged) { this.dragged = false; return; }
      if (event.target.closest(".token")) this.pick(event.target.closest(".token"));
      else if (place && this.token) { event.preventDefault(); this.put(place); }
    });
    this.pool.addEventListener("pointerdown", (event) => {
      const token = event.target.closest(".token");
      if (token && event.button === 0) this.press(token, event);
    });
    addEventListener("keydown", (event) => { if (event.key === "Escape" && this.token) this.pick(null); });
    this.draw();
  }

  fits(place, token) { return !place.dataset.group || place.dataset.group === token.dataset.group; }

  pick(token) {
    this.token?.classList.remove("picked");
    this.token = token === this.token ? null : token;
    this.token?.classList.add("picked");
    this.area.classList.toggle("placing", Boolean(this.token));
    for (const place of this.places) place.classList.toggle("open", Boolean(this.token) && this.fits(place, this.token));
  }

  put(place) {
    const { token } = this;
    if (!this.fits(place, token)) return;
    this.pick(null);
    const field = place.querySelector("select");
    field.value = token.dataset.key;
    tell(field);
  }

  draw() {
    const used = new Set(this.places.map((place) => place.querySelector("select").value));
    for (const token of this.pool.children) token.classList.toggle("used", used.has(token.dataset.key));
  }

  // A press that moves is a drag; a finger that moves up or down scrolls the page as ever.
  press(token, { pointerId, clientX, clientY }) {
    let ghost = null;
    this.dragged = false;
    const under = (event) => document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-place]");
    const follow = (event) => {
      if (event.pointerId !== pointerId) return;
      if (!ghost) {
        if (Math.hypot(event.clientX - clientX, event.clientY - clientY) < FAR) return;
        if (this.token !== token) this.pick(token);
        ghost = token.cloneNode(true);
        ghost.classList.add("ghost");
        document.body.append(ghost);
      }
      ghost.style.transform = `translate(${event.clientX}px, ${event.clientY}px)`;
      for (const place of this.places) place.classList.toggle("over", place === under(event) && this.fits(place, token));
    };
    const stop = (event) => {
      if (event.pointerId !== pointerId) return;
      removeEventListener("pointermove", follow);
      removeEventListener("pointerup", stop);
      removeEventListener("pointercancel", stop);
      if (!ghost) return;
      ghost.remove();
      this.dragged = event.type === "pointerup";
      setTimeout(() => { this.dragged = false; });
      for (const place of this.places) place.classList.remove("over");
      const place = event.type === "pointerup" && under(event);
      if (place && this.places.includes(place)) this.put(place);
      if (this.token) this.pick(null);
    };
    addEventListener("pointermove", follow);
    addEventListener("pointerup", stop);
    addEventListener("pointercancel", stop);
  }
}

// Everything on the page that can be arranged.
export function arrange(form) {
  for (const list of form.querySelectorAll("[data-order]")) new Order(list);
  for (const area of form.querySelectorAll("[data-places]")) new Places(area);
}
