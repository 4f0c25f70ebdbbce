/* The network while it trains: each neuron with its own surface, weights as lines whose colour and width show sign and
   size. Pressing a weight or a neuron chooses the parameter whose chain rule is shown. */
import { byId, setAttribute, setClass, svg } from "./dom.js";
import { inputs, networkNow, weights } from "./live_state.js";
import { drawnOf, NetworkLayout, rowsOf } from "./network_layout.js";
import { lineShape, placeLine, placePlate, plateShape, setAll, titleShape, writeGaps, writePlate } from "./network_shapes.js";
import { brief, showExactly, showNumber } from "./numbers.js";
import { onColours, Raster, shadeAt, shadesOf } from "./shading.js";
import { addTooltip } from "./tooltip.js";
import { tr } from "./words.js";

const PIXELS = 24; // of a picture
const FULL = 0.85; // of the colours
const [WIDEST, WIDEST_SHARE] = [10, 0.14]; // the largest width of a line, in pixels and as a share of a picture's side
const LARGE = 1; // a weight whose line is wide, however small the others are

const signOfWeight = (x) => (x === 0 || Number.isNaN(x) ? "none" : x > 0 ? "positive" : "negative");

export class LiveNetwork {
  /* `choose(parameter)` is called with the index of a weight or a bias. */
  constructor(host, choose) {
    this.host = host;
    // By a tooltip: the pictures with their labels, and the chain rule that pressing shows.
    this.mustStayVisible = () => [byId("chain"), ...this.pictures.map(({ group }) => group)].map((element) => element.getBoundingClientRect());
    this.choose = choose;
    this.shades = shadesOf(FULL);
    onColours(() => {
      this.shades = shadesOf(FULL);
      this.render();
    });
    this.build();
    new ResizeObserver(() => this.layOut()).observe(host);
  }

  /* Draws the network that is trained now. */
  build() {
    const { layers, names } = networkNow();
    Object.assign(this, { layers, names, grid: null, layout: null });
    this.sizes = [inputs, ...layers.map(({ bias }) => bias.length)];
    this.titleTexts = [tr`inputs`, ...layers.map(({ activation }) => activation)];
    const drawn = this.sizes.map(drawnOf);
    this.pictures = drawn.flatMap((neurons, depth) => neurons.map((neuron) => this.pictureFor(depth, neuron)));
    this.lines = layers.flatMap(({ weight }, before) =>
      drawn[before + 1].flatMap((to) => drawn[before].map((from) => this.lineFor(before + 1, from, to, weight[to][from]))),
    );
    this.titles = this.titleTexts.map(titleShape);
    this.gaps = this.sizes.map((size, depth) =>
      titleShape(size > drawn[depth].length ? tr`${size - drawn[depth].length} more` : ""),
    );
    this.scene = svg(
      "svg",
      { role: "group", "aria-label": tr`The network` },
      ...this.lines.flatMap(({ line, reach }) => [line, reach]),
      ...this.titles,
      ...this.pictures.map(({ group }) => group),
      ...this.gaps,
      ...this.lines.map(({ label }) => label.element),
    );
    this.host.replaceChildren(this.scene);
    this.hasRasters = false;
    if (this.host.clientWidth) this.layOut();
  }

  pictureFor(depth, neuron) {
    const frame = svg("rect", { class: depth ? "neuron" : "neuron input" });
    const label = plateShape("bias");
    const group = svg("g", {}, frame, label.element);
    const parameter = depth ? this.layers[depth - 1].bias[neuron] : null;
    if (depth) {
      this.makePressable(group, parameter);
      addTooltip(group, () => this.factsOf(parameter), group, { neighbours: this.mustStayVisible });
    } else writePlate(label, `x${neuron + 1}`);
    return { depth, neuron, frame, label, group, parameter };
  }

  lineFor(depth, from, to, parameter) {
    const shape = lineShape(parameter);
    shape.reach.addEventListener("click", () => this.choose(parameter));
    addTooltip(shape.reach, () => this.factsOf(parameter), shape.reach, { neighbours: this.mustStayVisible });
    return { ...shape, depth, from, to, parameter, label: plateShape("of-weight") };
  }

  factsOf(parameter) {
    return [[this.names[parameter], showExactly(weights[parameter])]];
  }

  makePressable(group, parameter) {
    const name = this.names[parameter]; // until its number is known
    setAll(group, { tabindex: 0, role: "button", "aria-label": name, "data-parameter": parameter });
    group.addEventListener("click", () => this.choose(parameter));
    group.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.choose(parameter);
    });
  }

  /* Shows the outputs of neurons over the plane, of which `grid` has them; without one, neurons have no pictures. */
  showGrid(grid) {
    this.grid = grid;
    if (this.hasRasters) return;
    this.hasRasters = true;
    const rasters = this.pictures.map((picture) => (picture.raster = new Raster(Math.min(PIXELS, grid.cells))).canvas);
    this.host.prepend(...rasters);
    this.placeRasters();
  }

  placeRasters() {
    for (const { raster, box } of this.pictures) if (box) raster?.place(box.x, box.y, box.width, box.height);
  }

  layOut() {
    const { width, height } = this.host.getBoundingClientRect();
    const em = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    const layout = new NetworkLayout({ sizes: this.sizes, titles: this.titleTexts, em, width, height });
    this.layout = layout;
    this.host.parentElement.style.setProperty("--rows", String(Math.max(...this.sizes.map(rowsOf))));
    for (const picture of this.pictures) {
      const { depth, neuron, frame, label } = picture;
      picture.box = layout.pictureAt(depth, neuron);
      setAll(frame, { ...picture.box, rx: picture.box.width / 8 });
      placePlate(label, layout.labelAt(depth, neuron));
      setAttribute(label.element, "visibility", depth && !layout.hasBiases ? "hidden" : "visible");
    }
    this.placeRasters();
    this.titles.forEach((title, depth) => setAll(title, layout.titleAt(depth)));
    writeGaps(this, this.titleTexts);
    for (const line of this.lines) {
      const { depth, from, to, label } = line;
      line.isLabelled = layout.labelled[depth];
      placeLine(line, layout.lineAt(depth, from, to, line.isLabelled));
      setAttribute(label.element, "visibility", line.isLabelled ? "visible" : "hidden");
      const order = drawnOf(this.sizes[depth - 1]).indexOf(from);
      if (line.isLabelled) placePlate(label, layout.weightAt(depth, to, order));
    }
    this.render();
  }

  /* Marks the parameter whose chain rule is shown. */
  mark(parameter) {
    for (const line of this.lines) setClass(line.line, "lit", line.parameter === parameter);
    for (const picture of this.pictures) {
      setClass(picture.group, "chosen-neuron", picture.parameter !== null && picture.parameter === parameter);
    }
  }

  /* Marks neurons, given as "layer.neuron", that no longer learn. */
  markAiling(found) {
    for (const { depth, neuron, frame } of this.pictures) setClass(frame, "ailing", found.has(`${depth}.${neuron}`));
  }

  render() {
    if (!this.layout || !weights.length) return;
    const widest = Math.min(WIDEST, WIDEST_SHARE * this.layout.side);
    const largest = this.lines.reduce((most, { parameter }) => Math.max(most, Math.abs(weights[parameter]) || 0), LARGE);
    for (const { line, parameter, isLabelled, label } of this.lines) {
      const x = weights[parameter];
      setAttribute(line, "data-sign", signOfWeight(x));
      setAttribute(line, "data-value", String(x));
      setAttribute(line, "stroke-width", String(Math.round(4 * (0.8 + (widest * Math.abs(x)) / largest || 0)) / 4));
      if (isLabelled) writePlate(label, brief(x));
    }
    for (const picture of this.pictures) this.renderPicture(picture);
  }

  renderPicture({ depth, neuron, raster, parameter, label, group }) {
    if (raster && this.grid) this.fill(raster, depth, neuron);
    if (parameter === null) return;
    writePlate(label, `b${neuron + 1} = ${brief(weights[parameter])}`);
    setAttribute(group, "data-value", String(weights[parameter]));
    setAttribute(group, "aria-label", tr`${this.names[parameter]} ${showNumber(weights[parameter])}: show its chain rule`);
  }

  /* Fills the picture of a neuron: its output over the plane, in colours that are full where it is farthest from 0, or
     for a sigmoid from ½. */
  fill(raster, depth, neuron) {
    const { grid, sizes, shades } = this;
    const before = sizes.slice(1, depth).reduce((sum, size) => sum + size, neuron);
    const middle = this.layers[depth - 1]?.activation === "sigmoid" ? 0.5 : 0;
    const numberIn = depth ? (cell) => grid.grids[before][cell] : (cell) => grid.at(cell % grid.cells, Math.floor(cell / grid.cells))[neuron];
    const cellOf = (pixel) => Math.floor(((pixel + 0.5) * grid.cells) / raster.cells);
    const numbers = new Float64Array(raster.cells ** 2);
    let reach = 0;
    for (let n = 0; n < numbers.length; n += 1) {
      numbers[n] = numberIn(cellOf(Math.floor(n / raster.cells)) * grid.cells + cellOf(n % raster.cells));
      const distance = Math.abs(numbers[n] - middle);
      if (distance > reach && Number.isFinite(distance)) reach = distance;
    }
    raster.fill((column, row) => shadeAt(shades, numbers[row * raster.cells + column], middle, reach || 1));
  }
}
