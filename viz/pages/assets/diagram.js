/* The diagram: shows a layout of the graph, and keeps its texts and marks up to date. */
import { Camera } from "./camera.js";
import { placeNear, placeOnEdge } from "./chip.js";
import { setAttribute, setClass, svg } from "./dom.js";
import { describe, factsOf } from "./facts.js";
import { placesOf } from "./places.js";
import { arrowShape, boxShape, chipShape, frameShape, writeChip, writeNumber } from "./shapes.js";
import { addTooltip } from "./tooltip.js";
import { tr } from "./words.js";

const MARKS = ["current", "operand", "receiver", "warning", "lit", "chosen"];
const NO_NODES = new Set();

/* The state of a diagram in which a page marks nothing. */
export const UNMARKED = {
  unknown: "…",
  marks: Object.fromEntries(MARKS.map((mark) => [mark, NO_NODES])),
  focus: [],
  view: null,
  inUse: () => false,
  chip: "",
  lit: NO_NODES,
  flow: () => undefined,
  backward: false,
};

export class Diagram {
  /* `graph` is the data of the page; `on` has the actions choose(node), open(module) and close(module), and may have
     picture(host, node), which adds a picture to the tooltip of a node, and returns it. */
  constructor(canvas, graph, on) {
    this.graph = graph;
    this.on = on;
    this.scene = svg("g", { class: "scene" });
    canvas.append(svg("svg", { role: "group", "aria-label": tr`Computation graph` }, this.scene));
    this.camera = new Camera(canvas, this.scene);
  }

  zoom(factor) {
    this.camera.zoom(factor);
  }

  fit() {
    this.camera.fit();
  }

  // Showing a layout

  show(layout) {
    this.layout = layout;
    this.places = placesOf(layout, this.graph.folds);
    this.boxes = new Map();
    this.taken = []; // the regions of boxes and of the titles of frames
    for (const [box, ...rectangle] of layout.boxes) {
      const members = box < 0 ? this.graph.folds[-box - 1].nodes : [box];
      this.taken.push(this.places.regions.get(box));
      const operations = members.filter((node) => this.graph.nodes[node].operands.length);
      this.boxes.set(box, { rectangle, members, operations, ...this.drawBox(box, rectangle) });
    }
    const uses = this.usesOfOperands();
    this.arrows = layout.arrows.map((arrow) => this.drawArrow(uses, ...arrow));
    this.chip = chipShape();
    const elements = (drawn) => [...drawn].map(({ element }) => element);
    this.scene.replaceChildren(
      svg("g", { class: "frames" }, ...layout.frames.map((frame) => this.drawFrame(...frame))),
      svg("g", { class: "arrows", "aria-hidden": "true" }, ...elements(this.arrows)),
      svg("g", { class: "boxes" }, ...elements(this.boxes.values())),
      this.chip,
    );
    this.camera.frame(layout.size);
  }

  /* The box that shows each node. */
  get boxOf() {
    return this.places.boxOf;
  }

  /* For each pair of boxes, the uses of operands that lead from one to the other: operations and slots. */
  usesOfOperands() {
    const uses = new Map();
    this.graph.nodes.forEach(({ operands }, node) =>
      operands.forEach((operand, slot) => {
        const key = `${this.boxOf.get(operand)} ${this.boxOf.get(node)}`;
        if (!uses.has(key)) uses.set(key, []);
        uses.get(key).push([node, slot]);
      }),
    );
    return uses;
  }

  drawBox(box, rectangle) {
    const fold = box < 0 ? this.graph.folds[-box - 1] : null;
    const { element, texts } = boxShape(box, fold, fold ? null : this.graph.nodes[box], rectangle);
    this.onPress(element, () => {
      if (fold && fold.module >= 0) this.on.open(fold.module);
      else this.on.choose(fold ? fold.nodes.at(-1) : box);
    });
    addTooltip(element, () => factsOf(box, this.state), element, {
      draw: (host) => (fold ? null : this.on.picture?.(host, box)),
      neighbours: () => this.neighboursOf(box),
    });
    for (const [event, isTouched] of Object.entries({ pointerenter: true, pointerleave: false, focus: true, blur: false })) {
      element.addEventListener(event, () => this.touch(box, isTouched));
    }
    return { element, texts, shown: fold ? fold.output : box };
  }

  /* Brings out the arrows from and to a box; those that are dense are faint otherwise. */
  touch(box, isTouched) {
    for (const { element, ends } of this.arrows) if (ends.includes(box)) setClass(element, "touched", isTouched);
  }

  /* Where on the screen the boxes are that arrows connect with a box, as far as they are visible. */
  neighboursOf(box) {
    const found = new Set(this.arrows.flatMap(({ ends }) => (ends.includes(box) ? ends : [])));
    const { left, top } = this.camera.canvas.getBoundingClientRect();
    const { scale, x, y } = this.camera.view;
    const [width, height] = this.camera.size;
    return [...found].filter((other) => other !== box).flatMap((other) => {
      const { left: a, top: b, right: c, bottom: d } = this.places.regions.get(other);
      const [west, east] = [a, c].map((at) => Math.max(0, Math.min(width, x + scale * at)) + left);
      const [north, south] = [b, d].map((at) => Math.max(0, Math.min(height, y + scale * at)) + top);
      return west < east && north < south ? [{ left: west, top: north, right: east, bottom: south }] : [];
    });
  }

  drawArrow(usesOfOperands, tail, head, slot, numbers, isDense) {
    const uses = slot < 0 ? usesOfOperands.get(`${tail} ${head}`) : [[head, slot]];
    const isGate = uses.every(([node, used]) => used === 0 && this.graph.nodes[node].op === "select");
    const shape = arrowShape(numbers, isGate);
    setClass(shape.element, "dense", Boolean(isDense));
    return { ...shape, uses, ends: [tail, head], numbers };
  }

  drawFrame(module, ...rectangle) {
    const { element, handle, room } = frameShape(this.graph.modules[module], rectangle);
    const [left, top, width, height] = room;
    this.taken.push({ left, top, right: left + width, bottom: top + height });
    this.onPress(handle, () => this.on.close(module));
    return element;
  }

  onPress(element, act) {
    element.addEventListener("click", () => !this.camera.moved && act());
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      act();
    });
  }

  // What changes at every step

  /* Brings everything up to date with `state`:

     data(node) and gradient(node): the numbers of a node, undefined if they are unknown.
     unknown: what stands in place of unknown numbers.
     marks: for each mark, the set of nodes that have it.
     focus: sets of nodes of which the first that fits must be visible, the largest first.
     view: a view that shows it, null if the camera is to find one.
     inUse(node, slot): whether the current step is about this use of an operand.
     lit: the uses on a path that stands out, each as "node slot".
     chip: the text on the arrow in use.
     flow(uses): from 0 to 1, how much gradient has flowed over some uses, each [node, slot]; undefined if none.
     backward: whether the current step belongs to the backward pass. */
  update(state) {
    this.state = state;
    for (const [box, drawn] of this.boxes) this.updateBox(box, drawn, state);
    writeChip(this.chip, "");
    for (const arrow of this.arrows) this.updateArrow(arrow, state);
    this.look(state);
  }

  /* Makes visible what a state asks for. */
  look({ focus, view }) {
    this.camera.follow(focus.map((nodes) => this.places.regionOf(nodes)).filter(Boolean), view);
  }

  updateBox(box, { element, texts, rectangle, members, operations, shown }, state) {
    const value = shown === null ? undefined : state.data(shown);
    const gradient = shown === null ? undefined : state.gradient(shown);
    const width = rectangle[2];
    if (texts.value) writeNumber(texts.value, "", value, width, state.unknown);
    if (texts.gradient) writeNumber(texts.gradient, "grad ", gradient, width, state.unknown);
    setAttribute(element, "data-value", value === undefined ? undefined : String(value));
    setAttribute(element, "data-gradient", gradient === undefined ? undefined : String(gradient));
    setAttribute(element, "aria-label", describe(box, state));
    for (const mark of MARKS) setClass(element, mark, members.some((node) => state.marks[mark].has(node)));
    const isComputed = (node) => state.data(node) !== undefined;
    setClass(element, "pending", operations.length > 0 && !operations.some(isComputed));
  }

  updateArrow(arrow, state) {
    const { element, uses } = arrow;
    const active = uses.some(([node, slot]) => state.inUse(node, slot));
    setClass(element, "active", active);
    setClass(element, "backward", active && state.backward);
    setClass(element, "lit", uses.some(([node, slot]) => state.lit.has(`${node} ${slot}`)));
    setClass(element, "pending", uses.every(([node]) => state.data(node) === undefined));
    const flow = state.flow(uses);
    setClass(element, "flowing", flow !== undefined);
    if (flow !== undefined) element.style.setProperty("--flow", flow.toFixed(3));
    if (active && state.chip) this.placeChip(arrow, state.chip);
  }

  /* Shows a text on an arrow, but over no other arrow, no box and no title of a frame. */
  placeChip(arrow, text) {
    const others = this.arrows.filter((other) => other !== arrow).map(({ numbers }) => numbers);
    const { left, top } = placeOnEdge(writeChip(this.chip, text), arrow.numbers, others, this.taken, this.bounds);
    setAttribute(this.chip, "transform", `translate(${left.toFixed(1)} ${top.toFixed(1)})`);
  }

  /* The left and top at which a label of a size near a point covers no box and none of some other rectangles. */
  placeNear(size, point, others) {
    return placeNear(size, point, [...this.taken, ...others], this.bounds);
  }

  get bounds() {
    const [right, bottom] = this.layout.size;
    return { left: 0, top: 0, right, bottom };
  }
}
