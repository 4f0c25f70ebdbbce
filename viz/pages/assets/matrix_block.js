/* A block of the page of matrices: a layer with the grids of its arrays, or other operations with their result. */
import { countOf } from "./contents.js";
import { html, setClass, setText } from "./dom.js";
import { Grid, reachOf } from "./grid.js";
import { arrays, lastPosition, loss } from "./matrix_graph.js";
import { drawMath, parseMath } from "./math.js";
import { showNumber } from "./numbers.js";
import { tr } from "./words.js";

/* A formula as MathML. */
export function mathOf(latex) {
  const math = document.createElementNS("http://www.w3.org/1998/Math/MathML", "math");
  math.append(drawMath(parseMath(latex)));
  return math;
}

const shapeOf = ({ rows, columns }) => `${rows} × ${columns}`;

export class MatrixBlock {
  /* `number` counts from 0. `on` has the actions open(row) and point(cell, grid, array, isGradient). */
  constructor(block, number, on) {
    this.block = block;
    this.number = number;
    this.on = on;
    this.title = html("button", { type: "button", className: "title" }, html("span", { className: "mark", textContent: "▸" }), ` ${block.title}`);
    this.grids = []; // each with its array, and whether it shows gradients
    this.element = html("div", { className: "block", dataset: { block: number } }, this.title);
    this.element.addEventListener("click", () => on.open(0)); // the title is in it
    if (block.parts) this.addLayer();
    else this.addResult();
  }

  addLayer() {
    const formulas = this.block.forward.map(([left, right]) => html("div", { className: "sides" }, mathOf(left), mathOf(right)));
    const pairs = this.block.shown.map((at) => this.pair(arrays[at]));
    this.element.append(html("div", { className: "formulas" }, ...formulas), html("div", { className: "pairs" }, ...pairs));
  }

  /* The two grids of an array, next to each other, or if they are wide one below the other. */
  pair(array) {
    const { math, values, gradients, known, complete, rows, columns } = array;
    const ofValues = this.grid(array, values, "", html("figcaption", {}, mathOf(math), html("span", { className: "shape", textContent: ` ${shapeOf(array)}` })), known);
    const slope = mathOf(`\\partial ${loss} / \\partial ${math}`);
    const ofGradients = this.grid(array, gradients, "grad ", html("figcaption", { className: "of-gradient" }, slope), complete);
    return html("div", { className: columns > rows ? "pair is-wide" : "pair" }, ofValues, ofGradients);
  }

  /* A grid of some numbers of an array, which are known at a position. */
  grid(array, numbers, prefix, caption, at) {
    const grid = new Grid(array, numbers, `${prefix}${array.name}, ${shapeOf(array)}`, {
      press: (row) => this.on.open(array.rows === this.rows ? row : 0),
      point: (cell, from) => this.on.point(cell, from, array),
    });
    grid.element.dataset.array = `${prefix}${array.name}`;
    const most = reachOf(numbers);
    const size = most ? `±${showNumber(most)}` : "\u00a0"; // where all are 0, there is no colour
    const reach = html("span", { className: "reach", title: tr`The size that has the full colour`, textContent: size });
    caption.append(reach);
    this.grids.push({ grid, reach, at });
    return html("figure", {}, caption, grid.element);
  }

  addResult() {
    const { count } = this.block;
    const contents = html("p", { className: "contents", textContent: countOf(count, "operation") });
    this.element.append(contents);
    if (!this.block.result) return;
    this.value = html("p", { className: "result" });
    this.gradient = html("p", { className: "result of-gradient" });
    const { values, gradients } = this.block.result;
    this.value.style.minWidth = `${showNumber(values[0]).length}ch`; // as wide before they are known as after
    this.gradient.style.minWidth = `${`grad ${showNumber(gradients[0])}`.length}ch`;
    this.element.append(this.value, this.gradient);
  }

  /* The number of neurons. */
  get rows() {
    return this.block.parts ? arrays[this.block.parts.output].rows : 0;
  }

  /* Whether the pass has computed its values, and its gradients. */
  static stateAt(number, position) {
    return { isComputed: position > number, isPassed: position >= lastPosition - number };
  }

  render(position, step, isOpened) {
    const { isComputed, isPassed } = MatrixBlock.stateAt(this.number, position);
    setClass(this.element, "current", step?.block === this.number);
    setClass(this.element, "pending", !isComputed);
    setClass(this.element, "is-open", isOpened);
    this.title.setAttribute("aria-expanded", String(isOpened));
    this.title.title = isOpened ? tr`Close` : tr`Open into scalars`;
    for (const { grid, reach, at } of this.grids) {
      grid.show(position >= at);
      setClass(reach, "unknown", position < at);
    }
    if (!this.block.result) return;
    const { values, gradients } = this.block.result;
    setText(this.value, isComputed ? showNumber(values[0]) : "…");
    setText(this.gradient, `grad ${isPassed ? showNumber(gradients[0]) : "…"}`);
  }
}
