/* The points that the reader adds, moves and deletes, by pointer or by keys. */
import { byId, html } from "./dom.js";
import { classes, classTargets, points } from "./live_state.js";
import { wordsForClass } from "./marker_shapes.js";
import { tr } from "./words.js";

const NUDGE = 0.01; // of the width of the plane, for each press of a key
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/* A coordinate in few digits, so that a link can hold it exactly. */
const toDigits = (x) => Number(x.toPrecision(4));

export class PointEditor {
  /* `chart` is that of the points. `edit(points)` takes changed ones, and `choose(number)` a sample. */
  constructor(chart, { edit, choose }) {
    Object.assign(this, { chart, edit, choose, dragged: null });
    const adds = classes.map((name, label) => html("option", { value: String(label), textContent: tr`add ${wordsForClass(name)}` }));
    const others = [["choose", tr`choose a sample`], ["delete", tr`delete a sample`]];
    byId("tool").append(...others.map(([value, textContent]) => html("option", { value, textContent })), ...adds);
    const { svg: plane } = chart;
    plane.style.touchAction = "none";
    plane.addEventListener("pointerdown", (event) => this.press(event));
    plane.addEventListener("pointermove", (event) => this.drag(event));
    for (const end of ["pointerup", "pointercancel"]) plane.addEventListener(end, () => (this.dragged = null));
  }

  placeUnder(event) {
    return [this.chart.xUnder(event), this.chart.yUnder(event)].map(toDigits);
  }

  press(event) {
    if (event.button) return;
    const tool = byId("tool").value;
    const { sample } = event.target.dataset;
    if (tool === "delete") {
      if (sample !== undefined) this.remove(Number(sample));
    } else if (sample !== undefined) {
      this.dragged = Number(sample);
      this.chart.svg.setPointerCapture(event.pointerId);
      this.choose(this.dragged);
    } else if (tool !== "choose") this.add(this.placeUnder(event), Number(tool));
  }

  drag(event) {
    if (this.dragged !== null) this.move(this.dragged, this.placeUnder(event));
  }

  add(x, label) {
    this.edit([...points, { x, y: classTargets[label] }]);
    this.choose(points.length - 1);
  }

  move(number, x) {
    this.edit(points.map((point, n) => (n === number ? { ...point, x } : point)));
  }

  remove(number) {
    this.edit(points.filter((_, n) => n !== number));
    this.choose(Math.max(0, Math.min(number, points.length - 1)));
  }

  /* What a key does to a point: arrows move it, Delete deletes it, and the number of a class adds one of it beside.
     Returns whether it does anything. */
  key(event, number) {
    const [x, y] = this.chart.limits.x.map((_, axis) => points[number].x[axis]);
    const [width, height] = [this.chart.limits.x, this.chart.limits.y].map(([low, high]) => high - low);
    if (Object.hasOwn(ARROWS, event.key)) {
      const [right, up] = ARROWS[event.key];
      this.move(number, [x + NUDGE * width * right, y + NUDGE * height * up].map(toDigits));
    } else if (event.key === "Delete" || event.key === "Backspace") this.remove(number);
    else if (/^\d$/.test(event.key) && Number(event.key) < classes.length) {
      this.add([toDigits(x + 3 * NUDGE * width), y], Number(event.key));
    } else return false;
    event.preventDefault();
    return true;
  }
}
