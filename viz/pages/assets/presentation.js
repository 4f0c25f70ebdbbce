/* The presentation mode: some panels, large enough for the last row of a lecture hall, which are switched by keys. */
import { byId, setClass } from "./dom.js";

export class Presentation {
  /* `panels` maps the names of panels to their keys; `standard` are those that are shown at first. `changed` is called
     after the mode or one of its panels is switched. */
  constructor({ panels, standard, changed }) {
    this.keyOf = panels;
    this.panels = Object.keys(panels);
    this.standard = standard;
    this.changed = changed;
    this.isOn = false;
    this.shown = new Set(standard);
    byId("present").addEventListener("click", () => this.toggle());
    for (const panel of this.panels) byId(`show-${panel}`).addEventListener("click", () => this.togglePanel(panel));
    this.render();
  }

  /* The keys of the mode. */
  get keys() {
    const ofPanels = this.panels.map((panel) => [this.keyOf[panel], () => this.togglePanel(panel)]);
    return { p: () => this.toggle(), ...Object.fromEntries(ofPanels) };
  }

  /* The panels as text if the mode is on, otherwise null. */
  get choice() {
    return this.isOn ? [...this.shown].join(",") : null;
  }

  /* Restores such a choice; returns false if it is not one. */
  restore(choice) {
    const panels = choice === null ? [] : choice.split(",");
    if (!panels.every((panel) => this.panels.includes(panel))) return false;
    this.set(choice !== null, choice === null ? this.standard : panels);
    return true;
  }

  toggle() {
    this.set(!this.isOn, this.shown);
  }

  togglePanel(panel) {
    if (!this.isOn) return;
    if (this.shown.has(panel) && this.shown.size === 1) return; // the last one stays: an empty page has no hint of the keys
    const others = this.panels.filter((other) => other !== panel && this.shown.has(other));
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
    for (const panel of this.panels) {
      setClass(document.body, `without-${panel}`, !this.shown.has(panel));
      byId(`show-${panel}`).setAttribute("aria-pressed", String(this.shown.has(panel)));
    }
  }
}
