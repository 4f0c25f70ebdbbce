"use strict";

/* The diagram: draws a layout that Graphviz made, keeps its texts and marks up to date, and lets the viewer move it. */
/* global showNumber */
/* exported Diagram */

const SVG = "http://www.w3.org/2000/svg";
const LARGEST = 2.4; // the scale to which a small graph is blown up
const LINE = 15; // points from line to line in a box
const CHARACTER = 7.2; // points that a character in a box takes

function drawn(tag, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/* Sets what differs; a page of 2,000 nodes has too many texts to lay out again at every step. */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function setClass(element, name, on) {
  if (element.classList.contains(name) !== on) element.classList.toggle(name, on);
}

function setAttribute(element, name, value) {
  if (value === undefined) element.removeAttribute(name);
  else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/* The corners of an arrowhead at a point, coming from another. */
function arrowhead([x, y], [fromX, fromY]) {
  const length = Math.hypot(x - fromX, y - fromY) || 1;
  const [dx, dy] = [(7 * (x - fromX)) / length, (7 * (y - fromY)) / length];
  return `${x},${y} ${x - dx - dy / 2.2},${y - dy + dx / 2.2} ${x - dx + dy / 2.2},${y - dy - dx / 2.2}`;
}

class Diagram {
  /* `graph` is what the page was told; `on` has what to do: choose(node), open(module), close(module), point(box). */
  constructor(canvas, graph, on) {
    this.canvas = canvas;
    this.graph = graph;
    this.on = on;
    this.scene = drawn("g", { class: "scene" });
    this.svg = drawn("svg", { role: "group", "aria-label": "Computation graph" }, this.scene);
    canvas.append(this.svg);
    this.view = { scale: 1, x: 0, y: 0 };
    this.mode = "follow"; // or "free", once the viewer has moved the picture; or "whole", once all of it is asked for
    this.pointers = new Map();
    this.listen();
    new ResizeObserver(() => this.mode !== "free" && this.place()).observe(canvas);
  }

  // Drawing a layout

  show(layout) {
    this.layout = layout;
    this.boxOf = new Map();
    this.boxes = new Map();
    this.arrows = [];
    const frames = layout.frames.map((frame) => this.drawFrame(...frame));
    for (const [box, ...place] of layout.boxes) {
      const nodes = box < 0 ? this.graph.folds[-box - 1].nodes : [box];
      for (const node of nodes) this.boxOf.set(node, box);
      this.boxes.set(box, { place, nodes, ...this.drawBox(box, place) });
    }
    this.findUses();
    const arrows = layout.arrows.map((arrow) => this.drawArrow(...arrow));
    this.chip = drawn("text", { class: "chip", "text-anchor": "middle" });
    this.scene.replaceChildren(
      drawn("g", { class: "frames" }, ...frames),
      drawn("g", { class: "arrows", "aria-hidden": "true" }, ...arrows),
      drawn("g", { class: "boxes" }, ...[...this.boxes.values()].map((box) => box.element)),
      this.chip,
    );
    this.place();
  }

  /* For each pair of boxes, the operations and slots whose operand lies in the one and whose result in the other. */
  findUses() {
    this.uses = new Map();
    this.graph.nodes.forEach((node, place) =>
      node.operands.forEach((operand, slot) => {
        const key = `${this.boxOf.get(operand)} ${this.boxOf.get(place)}`;
        if (!this.uses.has(key)) this.uses.set(key, []);
        this.uses.get(key).push([place, slot]);
      }),
    );
  }

  drawFrame(module, x, y, width, height) {
    const { path, title } = this.graph.modules[module];
    const heading = drawn("text", { x: x + 20, y: y + 16 });
    heading.textContent = title;
    const sign = drawn("path", { class: "sign", d: `M${x + 8} ${y + 12}h8` });
    const handle = drawn(
      "g",
      { class: "handle", role: "button", tabindex: "0", "aria-expanded": "true", "aria-label": `Fold ${path}` },
      drawn("rect", { x: x + 3, y: y + 3, width: Math.min(width - 6, 26 + title.length * CHARACTER), height: 18, rx: 4 }),
      sign,
      heading,
    );
    this.onPress(handle, () => this.on.close(module));
    return drawn("g", { class: "frame" }, drawn("rect", { x, y, width, height, rx: 8 }), handle);
  }

  drawBox(box, [x, y, width, height]) {
    const fold = box < 0 ? this.graph.folds[-box - 1] : null;
    const node = fold ? null : this.graph.nodes[box];
    const element = drawn(
      "g",
      { class: `box ${fold ? "fold" : node.kind}`, role: "button", tabindex: "0", "data-box": box },
      drawn("rect", { x, y, width, height, rx: 6 }),
    );
    const texts = {};
    const lines = fold ? ["name", "counted", "value", "gradient"] : [node.name || node.symbol ? "name" : "", "value", "gradient"];
    const written = lines.filter((line) => line && !(line === "gradient" && node?.kind === "constant"));
    const top = y + height / 2 - (written.length * LINE) / 2 + 11;
    written.forEach((line, number) => {
      texts[line] = drawn("text", { class: line, x: x + width / 2, y: top + number * LINE, "text-anchor": "middle" });
    });
    if (fold) {
      texts.name.textContent = fold.title;
      texts.counted.textContent = fold.counted;
      if (fold.module >= 0) setAttribute(element, "aria-expanded", "false");
    } else if (texts.name) {
      const symbol = drawn("tspan", { class: "symbol" });
      symbol.textContent = node.symbol;
      const name = drawn("tspan");
      name.textContent = node.name;
      texts.name.append(symbol, node.symbol && node.name ? " " : "", name);
    }
    element.append(...Object.values(texts));
    const warning = drawn("text", { class: "sign", x: x + width - 2, y: y + 5, "text-anchor": "middle" });
    warning.textContent = "⚠";
    element.append(warning);
    this.onPress(element, () => (fold && fold.module >= 0 ? this.on.open(fold.module) : this.on.choose(fold ? fold.nodes.at(-1) : box)));
    element.addEventListener("pointerenter", () => this.on.point(box, element));
    element.addEventListener("pointerleave", () => this.on.point(null, element));
    element.addEventListener("focus", () => element.matches(":focus-visible") && this.on.point(box, element));
    element.addEventListener("blur", () => this.on.point(null, element));
    return { element, texts, width, shown: fold ? this.outputOf(fold) : box };
  }

  /* The one node of a fold that others use; a fold that gives several shows no number. */
  outputOf(fold) {
    const inside = new Set(fold.nodes);
    const used = new Set();
    this.graph.nodes.forEach((node, place) => {
      if (!inside.has(place)) node.operands.filter((operand) => inside.has(operand)).forEach((operand) => used.add(operand));
    });
    if (inside.has(this.graph.nodes.length - 1)) used.add(this.graph.nodes.length - 1);
    return used.size === 1 ? [...used][0] : null;
  }

  drawArrow(tail, head, slot, numbers) {
    const points = [];
    for (let n = 0; n < numbers.length; n += 2) points.push([numbers[n], numbers[n + 1]]);
    const tip = points.pop();
    const [start, ...rest] = points;
    const line = drawn("path", { d: `M${start}C${rest.join(" ")}L${tip}` });
    const element = drawn(
      "g",
      { class: "arrow" },
      line,
      drawn("polygon", { class: "head", points: arrowhead(tip, points.at(-1)) }),
      drawn("polygon", { class: "head back", points: arrowhead(start, points[1]) }),
    );
    const uses = slot < 0 ? (this.uses.get(`${tail} ${head}`) ?? []) : [[head, slot]];
    if (uses.every(([node, place]) => place === 0 && this.graph.nodes[node].op === "select")) element.classList.add("gate");
    this.arrows.push({ element, line, uses });
    return element;
  }

  // What changes at every step

  /* `state` tells of a node its number, its gradient and its marks, and of a use of an operand its marks. */
  update(state) {
    for (const [box, { element, texts, width, nodes, shown }] of this.boxes) {
      const value = shown === null ? undefined : state.data(shown);
      const gradient = shown === null ? undefined : state.gradient(shown);
      this.write(texts.value, value === undefined ? "" : showNumber(value), width);
      if (texts.gradient) this.write(texts.gradient, gradient === undefined ? "" : `grad ${showNumber(gradient)}`, width);
      setAttribute(element, "data-value", value === undefined ? undefined : String(value));
      setAttribute(element, "data-gradient", gradient === undefined ? undefined : String(gradient));
      setAttribute(element, "aria-label", state.told(box));
      for (const mark of ["current", "operand", "receiver", "warning", "lit", "chosen"]) {
        setClass(element, mark, nodes.some((node) => state.marks[mark].has(node)));
      }
      setClass(element, "pending", nodes.every((node) => state.data(node) === undefined));
    }
    setText(this.chip, "");
    for (const { element, line, uses } of this.arrows) {
      const active = uses.some(([node, slot]) => state.inUse(node, slot));
      setClass(element, "active", active);
      setClass(element, "backward", active && state.backward);
      setClass(element, "lit", uses.some(([node, slot]) => state.lit.has(`${node} ${slot}`)));
      setClass(element, "pending", uses.every(([node]) => state.data(node) === undefined));
      if (active) {
        const middle = line.getPointAtLength(line.getTotalLength() / 2);
        setAttribute(this.chip, "x", String(middle.x));
        setAttribute(this.chip, "y", String(middle.y - 6));
        setText(this.chip, state.chip);
      }
    }
    this.focus = [...this.boxes.values()].filter(({ nodes }) => nodes.some((node) => state.focus.has(node)));
    this.follow();
  }

  write(text, shown, width) {
    setText(text, shown);
    setAttribute(text, "textLength", shown.length * CHARACTER > width - 8 ? String(width - 8) : undefined);
    setAttribute(text, "lengthAdjust", "spacingAndGlyphs");
  }

  // Moving the picture

  get size() {
    const { width, height } = this.canvas.getBoundingClientRect();
    return [Math.max(width, 1), Math.max(height, 1)];
  }

  /* The least scale at which the texts in boxes are read with ease: about the size of the other texts of the page. */
  get readableScale() {
    return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 17;
  }

  get wholeScale() {
    const [width, height] = this.size;
    const [w, h] = this.layout.size;
    return Math.min((width - 24) / w, (height - 24) / h, LARGEST);
  }

  apply() {
    const { scale, x, y } = this.view;
    this.scene.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
  }

  /* Shows the point (x, y) of the layout in the middle, or as near to it as leaves no room unused. */
  centre(x, y, scale) {
    this.scene.classList.remove("held");
    const shift = (at, size, length) => {
      const all = length * scale;
      return all <= size - 24 ? (size - all) / 2 : Math.min(12, Math.max(size - all - 12, size / 2 - at * scale));
    };
    const [width, height] = this.size;
    this.view = { scale, x: shift(x, width, this.layout.size[0]), y: shift(y, height, this.layout.size[1]) };
    this.apply();
  }

  whole() {
    const [w, h] = this.layout.size;
    this.centre(w / 2, h / 2, Math.max(this.wholeScale, 0.05));
  }

  /* All of the picture, and if that is too small to read, where the current step is. */
  place() {
    if (!this.layout) return;
    this.whole();
    this.follow();
  }

  fit() {
    this.mode = "whole";
    this.whole();
  }

  /* Keeps the boxes of the current step in sight, at a scale at which they can be read. */
  follow() {
    if (this.mode === "whole" || !this.focus?.length) return;
    const whole = this.wholeScale;
    if (this.mode === "follow" && whole >= this.readableScale) return;
    const left = Math.min(...this.focus.map(({ place }) => place[0]));
    const top = Math.min(...this.focus.map(({ place }) => place[1]));
    const right = Math.max(...this.focus.map(({ place }) => place[0] + place[2]));
    const bottom = Math.max(...this.focus.map(({ place }) => place[1] + place[3]));
    const [width, height] = this.size;
    const most = Math.min((width - 40) / (right - left), (height - 40) / (bottom - top));
    const scale = this.mode === "follow" ? Math.max(Math.min(this.readableScale, most), whole) : this.view.scale;
    const seen = (at, size, shift) => at * this.view.scale + shift >= 8 && at * this.view.scale + shift <= size - 8;
    const inSight = seen(left, width, this.view.x) && seen(right, width, this.view.x) &&
      seen(top, height, this.view.y) && seen(bottom, height, this.view.y);
    if (!inSight || scale > this.view.scale) this.centre((left + right) / 2, (top + bottom) / 2, scale);
  }

  /* Larger or smaller, about a point of the canvas. */
  zoom(factor, at = this.size.map((length) => length / 2)) {
    const scale = Math.min(8, Math.max(0.05, this.view.scale * factor));
    const grown = scale / this.view.scale;
    this.view = { scale, x: at[0] - (at[0] - this.view.x) * grown, y: at[1] - (at[1] - this.view.y) * grown };
    this.mode = "free";
    this.apply();
  }

  pan(dx, dy) {
    this.view.x += dx;
    this.view.y += dy;
    this.mode = "free";
    this.apply();
  }

  onPress(element, act) {
    element.addEventListener("click", () => !this.moved && act());
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      act();
    });
  }

  listen() {
    const at = (event) => {
      const { left, top } = this.canvas.getBoundingClientRect();
      return [event.clientX - left, event.clientY - top];
    };
    this.canvas.addEventListener(
      "wheel",
      (event) => {
        // Inside a notebook the wheel scrolls the notebook, until the viewer has clicked into the diagram.
        if (window.parent !== window && !event.ctrlKey && !this.canvas.classList.contains("entered")) return;
        event.preventDefault();
        this.scene.classList.add("held");
        this.zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)), at(event));
      },
      { passive: false },
    );
    this.canvas.addEventListener("pointerdown", (event) => {
      this.moved = false;
      this.canvas.classList.add("entered");
      this.pointers.set(event.pointerId, at(event));
    });
    this.canvas.addEventListener("pointerleave", () => this.canvas.classList.remove("entered"));
    this.canvas.addEventListener("pointermove", (event) => {
      const before = this.pointers.get(event.pointerId);
      if (!before) return;
      const now = at(event);
      const others = [...this.pointers].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
      if (!this.moved && Math.hypot(now[0] - before[0], now[1] - before[1]) < 4) return; // a click that trembles
      this.moved = true;
      this.canvas.setPointerCapture(event.pointerId);
      this.scene.classList.add("held");
      if (others.length) {
        const distance = ([x, y]) => Math.hypot(x - others[0][0], y - others[0][1]) || 1;
        this.zoom(distance(now) / distance(before), others[0]);
      } else this.pan(now[0] - before[0], now[1] - before[1]);
      this.pointers.set(event.pointerId, now);
    });
    for (const end of ["pointerup", "pointercancel"]) {
      this.canvas.addEventListener(end, (event) => {
        this.pointers.delete(event.pointerId);
        setTimeout(() => (this.moved = false)); // after the click that follows
      });
    }
  }
}
