/* The tour: five steps that say what the page can do, each next to what it is about. */
import { byId, setText } from "./dom.js";
import { tr } from "./words.js";

const STOPS = [
  ["controls", tr`Step by step`, tr`Press → or ▶: the forward pass computes one value at a time, then the backward pass one contribution to a gradient at a time. Drag the scrubber to any step.`],
  ["graph", tr`The graph`, tr`Each box shows a value and, in the backward pass, its gradient. Point at an operation to see its curve, press it for the paths of its gradient, press the title of a frame to fold it.`],
  ["math", tr`The math`, tr`The chain rule of the current step with its numbers: local derivative, upstream × local, and the sum so far. Press a line to go to its step.`],
  ["leaves", tr`Inputs and parameters`, tr`Drag a slider or type a number: the page computes all values and gradients again.`],
  ["tools", tr`More`, tr`Predict hides each contribution until you have guessed it. Present shows the graph and the equation in large type. Link and Save keep what you see.`],
];
const SEEN = "scalar-autograd: tour seen"; // in the browser's storage
const APART = 10; // pixels between the tour and what it is about

export class Tour {
  constructor() {
    this.stop = null; // index of the current stop, or null
    this.opener = null; // what gets the focus back
    byId("help").addEventListener("click", () => this.open());
    byId("tour-next").addEventListener("click", () => this.go(this.stop + 1));
    byId("tour-back").addEventListener("click", () => this.go(this.stop - 1));
    byId("tour-close").addEventListener("click", () => this.close());
    byId("tour").addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target !== byId("tour")) return;
      event.preventDefault(); // or it would press the button that gets the focus back
      this.go(this.stop + 1);
    });
    window.addEventListener("resize", () => this.isOpen && this.place());
  }

  get isOpen() {
    return this.stop !== null;
  }

  open() {
    this.opener = document.activeElement;
    this.go(0);
  }

  /* Opens it for a reader who has never seen it, without taking the focus; not for a program that drives the page. */
  openOnce() {
    if (navigator.webdriver) return;
    try {
      if (localStorage.getItem(SEEN)) return;
      localStorage.setItem(SEEN, "yes");
    } catch {
      return; // in the frame of a notebook, there is no storage
    }
    this.show(0);
  }

  go(stop) {
    if (stop < 0) return;
    if (stop === STOPS.length) this.close();
    else {
      this.show(stop);
      byId("tour").focus(); // so that a screen reader reads it
    }
  }

  show(stop) {
    this.unmark();
    this.stop = stop;
    const [id, title, text] = STOPS[stop];
    setText(byId("tour-title"), title);
    setText(byId("tour-text"), text);
    setText(byId("tour-count"), tr`${stop + 1} of ${STOPS.length}`);
    setText(byId("tour-next"), stop === STOPS.length - 1 ? tr`Done` : tr`Next`);
    byId("tour-back").disabled = stop === 0;
    byId("tour").hidden = false;
    byId(id).classList.add("toured");
    byId(id).scrollIntoView({ block: "nearest" });
    this.place();
  }

  /* Places it below what it is about, or above; if there is no room, in its lower right corner. */
  place() {
    const { left, right, top, bottom, width } = byId(STOPS[this.stop][0]).getBoundingClientRect();
    const tour = byId("tour");
    const size = tour.getBoundingClientRect();
    const fitsBelow = bottom + APART + size.height < innerHeight;
    const above = top - APART - size.height;
    const inside = Math.min(bottom, innerHeight) - APART - size.height;
    const x = fitsBelow || above > 0 ? left + APART : right - APART - size.width;
    const y = fitsBelow ? bottom + APART : above > 0 ? above : inside;
    const isShown = width > 0;
    tour.style.left = `${Math.max(4, Math.min(isShown ? x : Infinity, innerWidth - size.width - 4))}px`;
    tour.style.top = `${Math.max(4, Math.min(isShown ? y : Infinity, innerHeight - size.height - 4))}px`;
  }

  unmark() {
    if (this.isOpen) byId(STOPS[this.stop][0]).classList.remove("toured");
  }

  close() {
    this.unmark();
    this.stop = null;
    byId("tour").hidden = true;
    this.opener?.focus();
    this.opener = null;
  }
}
