/* The diagram: draws a layout that Graphviz made, and keeps its texts and marks up to date. */
import { Camera } from "./camera.js";
import { drawn, setAttribute, setClass, setText } from "./dom.js";
import { showNumber } from "./math.js";

const LINE = 15; // points from line to line in a box
const CHARACTER = 7.2; // points that a character in a box takes
const MARKS = ["current", "operand", "receiver", "warning", "lit", "chosen"];

/* The corners of an arrowhead at a point, coming from another. */
function arrowhead([x, y], [fromX, fromY]) {
  const length = Math.hypot(x - fromX, y - fromY) || 1;
  const [dx, dy] = [(7 * (x - fromX)) / length, (7 * (y - fromY)) / length];
  return `${x},${y} ${x - dx - dy / 2.2},${y - dy + dx / 2.2} ${x - dx + dy / 2.2},${y - dy - dx / 2.2}`;
}

export class Diagram {
  /* `graph` is what the page was told; `on` has what to do: choose(node), open(module), close(module), point(box). */
  constructor(canvas, graph, on) {
    this.graph = graph;
    this.on = on;
    this.scene = drawn("g", { class: "scene" });
    canvas.append(drawn("svg", { role: "group", "aria-label": "Computation graph" }, this.scene));
    this.camera = new Camera(canvas, this.scene);
  }

  zoom(factor) {
    this.camera.zoom(factor);
  }

  fit() {
    this.camera.fit();
  }

  // Drawing a layout

  show(layout) {
    this.layout = layout;
    this.boxOf = new Map();
    this.boxes = new Map();
    for (const [box, ...place] of layout.boxes) {
      const members = box < 0 ? this.graph.folds[-box - 1].nodes : [box];
      for (const node of members) this.boxOf.set(node, box);
      this.boxes.set(box, { place, members, ...this.drawBox(box, place) });
    }
    const uses = this.usesOfOperands();
    this.arrows = layout.arrows.map((arrow) => this.drawArrow(uses, ...arrow));
    this.chip = drawn("text", { class: "chip", "text-anchor": "middle" });
    const elements = (parts) => [...parts].map(({ element }) => element);
    this.scene.replaceChildren(
      drawn("g", { class: "frames" }, ...layout.frames.map((frame) => this.drawFrame(...frame))),
      drawn("g", { class: "arrows", "aria-hidden": "true" }, ...elements(this.arrows)),
      drawn("g", { class: "boxes" }, ...elements(this.boxes.values())),
      this.chip,
    );
    this.camera.frame(layout.size);
  }

  /* For each pair of boxes, the operations and slots whose operand lies in the one and whose result in the other. */
  usesOfOperands() {
    const uses = new Map();
    this.graph.nodes.forEach((node, place) =>
      node.operands.forEach((operand, slot) => {
        const key = `${this.boxOf.get(operand)} ${this.boxOf.get(place)}`;
        if (!uses.has(key)) uses.set(key, []);
        uses.get(key).push([place, slot]);
      }),
    );
    return uses;
  }

  drawFrame(module, x, y, width, height) {
    const { path, title } = this.graph.modules[module];
    const heading = drawn("text", { x: x + 20, y: y + 16 });
    heading.textContent = title;
    const room = { x: x + 3, y: y + 3, width: Math.min(width - 6, 26 + title.length * CHARACTER), height: 18, rx: 4 };
    const handle = drawn(
      "g",
      { class: "handle", role: "button", tabindex: "0", "aria-expanded": "true", "aria-label": `Fold ${path}` },
      drawn("rect", room),
      drawn("path", { class: "sign", d: `M${x + 8} ${y + 12}h8` }),
      heading,
    );
    this.onPress(handle, () => this.on.close(module));
    return drawn("g", { class: "frame" }, drawn("rect", { x, y, width, height, rx: 8 }), handle);
  }

  drawBox(box, place) {
    const fold = box < 0 ? this.graph.folds[-box - 1] : null;
    const node = fold ? null : this.graph.nodes[box];
    const [x, y, width, height] = place;
    const element = drawn(
      "g",
      { class: `box ${fold ? "fold" : node.kind}`, role: "button", tabindex: "0", "data-box": box },
      drawn("rect", { x, y, width, height, rx: 6 }),
    );
    const texts = this.drawTexts(fold ? ["name", "counted", "value", "gradient"] : linesOf(node), place);
    if (fold) {
      texts.name.textContent = fold.title;
      texts.counted.textContent = fold.counted;
      if (fold.module >= 0) element.setAttribute("aria-expanded", "false");
    } else if (texts.name) {
      const symbol = drawn("tspan", { class: "symbol" });
      symbol.textContent = node.symbol;
      texts.name.append(symbol, node.symbol && node.name ? " " : "", node.name);
    }
    const warning = drawn("text", { class: "sign", x: x + width - 2, y: y + 5, "text-anchor": "middle" });
    warning.textContent = "⚠";
    element.append(...Object.values(texts), warning);
    this.onPress(element, () => {
      if (fold && fold.module >= 0) this.on.open(fold.module);
      else this.on.choose(fold ? fold.nodes.at(-1) : box);
    });
    this.onPoint(element, box);
    return { element, texts, shown: fold ? fold.output : box };
  }

  drawTexts(lines, [x, y, width, height]) {
    const top = y + height / 2 - (lines.length * LINE) / 2 + 11;
    return Object.fromEntries(
      lines.map((line, number) => [
        line,
        drawn("text", { class: line, x: x + width / 2, y: top + number * LINE, "text-anchor": "middle" }),
      ]),
    );
  }

  drawArrow(usesOfOperands, tail, head, slot, numbers) {
    const points = [];
    for (let n = 0; n < numbers.length; n += 2) points.push([numbers[n], numbers[n + 1]]);
    const tip = points.pop();
    const [start, ...rest] = points;
    const line = drawn("path", { d: `M${start}C${rest.join(" ")}L${tip}` });
    const uses = slot < 0 ? usesOfOperands.get(`${tail} ${head}`) : [[head, slot]];
    const isGate = uses.every(([node, place]) => place === 0 && this.graph.nodes[node].op === "select");
    const element = drawn(
      "g",
      { class: isGate ? "arrow gate" : "arrow" },
      line,
      drawn("polygon", { class: "head", points: arrowhead(tip, points.at(-1)) }),
      drawn("polygon", { class: "head back", points: arrowhead(start, points[1]) }),
    );
    return { element, line, uses };
  }

  // What changes at every step

  /* `state` tells of a node its number, its gradient and its marks, and of a use of an operand its marks. */
  update(state) {
    for (const [box, parts] of this.boxes) this.updateBox(box, parts, state);
    setText(this.chip, "");
    for (const arrow of this.arrows) this.updateArrow(arrow, state);
    const focus = [...this.boxes.values()].filter(({ members }) => members.some((node) => state.focus.has(node)));
    this.camera.follow(focus.length ? around(focus.map(({ place }) => place)) : null);
  }

  updateBox(box, { element, texts, place, members, shown }, state) {
    const value = shown === null ? undefined : state.data(shown);
    const gradient = shown === null ? undefined : state.gradient(shown);
    const width = place[2];
    write(texts.value, value === undefined ? "" : showNumber(value), width);
    if (texts.gradient) write(texts.gradient, gradient === undefined ? "" : `grad ${showNumber(gradient)}`, width);
    setAttribute(element, "data-value", value === undefined ? undefined : String(value));
    setAttribute(element, "data-gradient", gradient === undefined ? undefined : String(gradient));
    setAttribute(element, "aria-label", state.told(box));
    for (const mark of MARKS) setClass(element, mark, members.some((node) => state.marks[mark].has(node)));
    setClass(element, "pending", members.every((node) => state.data(node) === undefined));
  }

  updateArrow({ element, line, uses }, state) {
    const active = uses.some(([node, slot]) => state.inUse(node, slot));
    setClass(element, "active", active);
    setClass(element, "backward", active && state.backward);
    setClass(element, "lit", uses.some(([node, slot]) => state.lit.has(`${node} ${slot}`)));
    setClass(element, "pending", uses.every(([node]) => state.data(node) === undefined));
    if (!active || !state.chip) return;
    const middle = line.getPointAtLength(line.getTotalLength() / 2);
    setAttribute(this.chip, "x", String(middle.x));
    setAttribute(this.chip, "y", String(middle.y - 6));
    setText(this.chip, state.chip);
  }

  // What the viewer does

  onPress(element, act) {
    element.addEventListener("click", () => !this.camera.moved && act());
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      act();
    });
  }

  onPoint(element, box) {
    element.addEventListener("pointerenter", () => this.on.point(box, element));
    element.addEventListener("pointerleave", () => this.on.point(null, element));
    element.addEventListener("focus", () => element.matches(":focus-visible") && this.on.point(box, element));
    element.addEventListener("blur", () => this.on.point(null, element));
  }
}

/* The lines of text in the box of a node. */
function linesOf(node) {
  const name = node.name || node.symbol ? ["name"] : [];
  return node.kind === "constant" ? [...name, "value"] : [...name, "value", "gradient"];
}

/* Writes a number into a box, narrower where it is longer than the box is wide. */
function write(text, shown, width) {
  setText(text, shown);
  setAttribute(text, "textLength", shown.length * CHARACTER > width - 8 ? String(width - 8) : undefined);
  setAttribute(text, "lengthAdjust", "spacingAndGlyphs");
}

/* What is around some boxes. */
function around(places) {
  return {
    left: Math.min(...places.map(([x]) => x)),
    top: Math.min(...places.map(([, y]) => y)),
    right: Math.max(...places.map(([x, , width]) => x + width)),
    bottom: Math.max(...places.map(([, y, , height]) => y + height)),
  };
}
