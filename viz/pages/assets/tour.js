/* The tour: a few stops that say what the page can do, each next to what it is about. */
import { byId, setText } from "./dom.js";
import { tr } from "./words.js";

const AWAY = 10; // pixels between the tour and what it is about

export class Tour {
  /* `stops` have the id of what each is about, a title and a text; `name` is that of the kind of page. */
  constructor(stops, name) {
    this.stops = stops;
    this.seen = `scalar-autograd: tour of the ${name}`; // in the browser's storage
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
      if (localStorage.getItem(this.seen)) return;
      localStorage.setItem(this.seen, "yes");
    } catch {
      return; // in the frame of a notebook, there is no storage
    }
    this.show(0);
  }

  go(stop) {
    if (stop < 0) return;
    if (stop === this.stops.length) this.close();
    else {
      this.show(stop);
      byId("tour").focus(); // so that a screen reader reads it
    }
  }

  show(stop) {
    this.unmark();
    this.stop = stop;
    const [id, title, text] = this.stops[stop];
    setText(byId("tour-title"), title);
    setText(byId("tour-text"), text);
    setText(byId("tour-count"), tr`${stop + 1} of ${this.stops.length}`);
    setText(byId("tour-next"), stop === this.stops.length - 1 ? tr`Done` : tr`Next`);
    byId("tour-back").disabled = stop === 0;
    byId("tour").hidden = false;
    byId(id).classList.add("toured");
    byId(id).scrollIntoView({ block: "nearest" });
    this.place();
  }

  /* Places it below what it is about, or above; if there is no room, in its lower right corner. */
  place() {
    const { left, right, top, bottom, width } = byId(this.stops[this.stop][0]).getBoundingClientRect();
    const tour = byId("tour");
    const size = tour.getBoundingClientRect();
    const fitsBelow = bottom + AWAY + size.height < innerHeight;
    const above = top - AWAY - size.height;
    const inside = Math.min(bottom, innerHeight) - AWAY - size.height;
    const x = fitsBelow || above > 0 ? left + AWAY : right - AWAY - size.width;
    const y = fitsBelow ? bottom + AWAY : above > 0 ? above : inside;
    const isShown = width > 0;
    tour.style.left = `${Math.max(4, Math.min(isShown ? x : Infinity, innerWidth - size.width - 4))}px`;
    tour.style.top = `${Math.max(4, Math.min(isShown ? y : Infinity, innerHeight - size.height - 4))}px`;
  }

  unmark() {
    if (this.isOpen) byId(this.stops[this.stop][0]).classList.remove("toured");
  }

  close() {
    this.unmark();
    this.stop = null;
    byId("tour").hidden = true;
    this.opener?.focus();
    this.opener = null;
  }
}
