/* The presentation mode: the graph at full width and the current equation in large type; panels are switched by keys. */
import { byId, setClass } from "./dom.js";

const PANELS = ["graph", "math", "code"];
const DEFAULT = ["graph", "math"]; // the panels that are shown at first

export class Presentation {
  /* `changed` is called after the mode or one of its panels is switched. */
  constructor(changed) {
    this.changed = changed;
    this.isOn = false;
    this.shown = new Set(DEFAULT);
    byId("present").addEventListener("click", () => this.toggle());
    for (const panel of PANELS) byId(`show-${panel}`).addEventListener("click", () => this.togglePanel(panel));
    this.render();
  }

  /* The keys of the mode. */
  get keys() {
    return {
      p: () => this.toggle(),
      g: () => this.togglePanel("graph"),
      m: () => this.togglePanel("math"),
      c: () => this.togglePanel("code"),
    };
  }

  /* The panels as text if the mode is on, otherwise null. */
  get choice() {
    return this.isOn ? [...this.shown].join(",") : null;
  }

  /* Restores such a choice; returns false if it is not one. */
  restore(choice) {
    const panels = choice === null ? [] : choice.split(",");
    if (!panels.every((panel) => PANELS.includes(panel))) return false;
    this.set(choice !== null, choice === null ? DEFAULT : panels);
    return true;
  }

  toggle() {
    this.set(!this.isOn, this.shown);
  }

  togglePanel(panel) {
    if (!this.isOn) return;
    if (this.shown.has(panel) && this.shown.size === 1) return; // the last one stays: an empty page has no hint of the keys
    const others = PANELS.filter((other) => other !== panel && this.shown.has(other));
    this.set(true, this.shown.has(panel) ? others : [...others, panel]);
  }

  set(isOn, shown) {
    this.isOn = isOn;
    this.shown = new Set(shown);
    this.render();
    this.changed();
  }

  render() {
    setClass(document.body, "presenting", this.isOn);
    byId("present").setAttribute("aria-pressed", String(this.isOn));
    byId("panels").hidden = !this.isOn;
    for (const panel of PANELS) {
      setClass(document.body, `without-${panel}`, !this.shown.has(panel));
      byId(`show-${panel}`).setAttribute("aria-pressed", String(this.shown.has(panel)));
    }
  }
}
