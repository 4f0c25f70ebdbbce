/* The state of the page in the fragment of its address, so that a link shows what its sender saw. */
import { copyText } from "./clipboard.js";
import { byId } from "./dom.js";
import { tr } from "./words.js";

const CHANGING = ["change", "click", "keyup", "pointerup", "wheel"]; // what a reader does may change the state
const DELAY = 300; // milliseconds before a change is written: browsers limit how often an address may change

/* Whether the page has an address that others can open; in the frame of a notebook, it has none. */
export const isLinkable = /^(https?|file):$/.test(location.protocol);

export class Link {
  /* `parts` maps each name in the fragment to an object with three members. `get()` returns the state as text, null if
     it is that at the start. `set(text)` restores it, the start for null, and returns false if it cannot.
     `expected` says in words what it takes. `say(words)` tells the reader something. */
  constructor(parts, say) {
    this.parts = { ...parts, ...switches() };
    this.say = say;
    this.timer = null;
    byId("link").hidden = !isLinkable;
    byId("link").addEventListener("click", () => this.copy());
    window.addEventListener("hashchange", ({ newURL }) => this.restore(new URL(newURL).hash));
    for (const event of CHANGING) document.addEventListener(event, () => this.update(), { passive: true });
  }

  get fragment() {
    const state = Object.entries(this.parts).map(([name, { get }]) => [name, get()]);
    return String(new URLSearchParams(state.filter(([, text]) => text !== null))).replaceAll("%2C", ",");
  }

  get address() {
    const [page] = location.href.split("#");
    return this.fragment ? `${page}#${this.fragment}` : page;
  }

  /* Restores the state that a fragment asks for, and says what of it is wrong. By the time it does, `update` may have
     written another into the address. */
  restore(hash = location.hash) {
    clearTimeout(this.timer);
    const asked = new URLSearchParams(hash.slice(1));
    const ignored = [...asked.keys()]
      .filter((name) => !Object.hasOwn(this.parts, name))
      .map((name) => tr`This page has no ${name}; it is ignored.`);
    for (const [name, { set, expected }] of Object.entries(this.parts)) {
      const text = asked.get(name);
      if (set(text) !== false) continue;
      ignored.push(tr`${name} must be ${expected}, not ${text}; it is ignored.`);
      set(null);
    }
    this.say(ignored.join(" "));
  }

  /* Writes the state into the address, soon. */
  update() {
    if (!isLinkable) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      try {
        history.replaceState(history.state, "", this.address);
      } catch {
        // The browser forbids it; the link can still be copied.
      }
    }, DELAY);
  }

  async copy() {
    const { address } = this;
    this.say((await copyText(address)) ? tr`The link is copied.` : tr`The browser forbids copying; the link is ${address}`);
  }
}

/* The parts for the check boxes that have a name for the link. */
function switches() {
  const boxes = [...document.querySelectorAll("input[data-state]")];
  const part = (box) => ({
    get: () => (box.checked ? "on" : null),
    set(text) {
      if (text !== null && text !== "on") return false;
      if (box.checked !== (text === "on")) box.click();
      return true;
    },
    expected: "on",
  });
  return Object.fromEntries(boxes.map((box) => [box.dataset.state, part(box)]));
}
