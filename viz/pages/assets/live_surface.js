/* The decision surface while it trains, with the points, which can be edited. */
import { Chart } from "./chart.js";
import { contourPath } from "./contours.js";
import { setAttribute, setClass, svg } from "./dom.js";
import { cellsFor, LiveGrid, limitsOfPlane } from "./live_plane.js";
import { PointEditor } from "./live_points.js";
import { classes, heldOutNow, classOf, outputs, outputsFor, points, threshold } from "./live_state.js";
import { heldOutShape, placeShape, shadeOf, shapeOf, sizeOf } from "./marker_shapes.js";
import { colourOf, mixed, onColours, pixelsOf, Raster, shadeAt, shadesOf } from "./shading.js";
import { tr } from "./words.js";

const STRENGTH = 0.7; // of the colours

/* The margin of an output over the largest of the others. */
const marginOf = (values, number) => values[number] - Math.max(...values.filter((_, other) => other !== number));

export class LiveSurface {
  constructor(host, { edit, choose }) {
    this.host = host;
    this.chosen = 0;
    this.isStill = true;
    const [x, y] = limitsOfPlane();
    this.chart = new Chart(host, { x, y, names: ["x1", "x2"], description: tr`The decision surface, with the samples` });
    setAttribute(this.chart.svg, "role", "group");
    this.boundary = svg("path", { class: "boundary" });
    this.held = svg("g");
    this.shapes = svg("g");
    this.ring = svg("g", { class: "ring", "aria-hidden": "true" }, svg("circle", { class: "halo", r: 13 }), svg("circle", { r: 13 }));
    this.chart.content.append(this.boundary, this.held, this.shapes, this.ring);
    this.editor = new PointEditor(this.chart, { edit, choose });
    this.readColours();
    onColours(() => {
      this.readColours();
      this.render();
    });
    this.cover();
    this.chart.onResize(() => this.layOut());
  }

  /* Covers the plane anew: with another network or other points. */
  cover() {
    const [x, y] = limitsOfPlane();
    this.chart.limits = { x, y };
    this.takeGrid();
    if (this.chart.left === undefined) return;
    this.chart.measure();
    this.layOut();
  }

  /* Takes a grid of as many cells as are shown now, and a picture of it. */
  takeGrid() {
    const { x, y } = this.chart.limits;
    this.grid = new LiveGrid([x, y], this.cells);
    this.raster?.canvas.remove();
    this.raster = new Raster(this.grid.cells);
    this.host.prepend(this.raster.canvas);
  }

  get cells() {
    const { left = 0, right = 0, top = 0, bottom = 0 } = this.chart;
    return cellsFor(Math.max(right - left, bottom - top), this.isStill);
  }

  readColours() {
    const ground = colourOf("background");
    this.shades = shadesOf(STRENGTH);
    this.regions = pixelsOf([...classes.map((_, label) => mixed(ground, colourOf(shadeOf(label)), 0.4)), ground]);
  }

  layOut() {
    this.placeGrid();
    this.placePoints();
    this.render();
  }

  placeGrid() {
    const { left, right, top, bottom } = this.chart;
    const { cells } = this.grid;
    this.raster.place(left, top, right - left, bottom - top);
    setAttribute(this.boundary, "transform", `translate(${left} ${bottom}) scale(${(right - left) / cells} ${(top - bottom) / cells})`);
  }

  /* Shows the points where they are now. */
  placePoints() {
    if (this.chart.left === undefined) return;
    const { left, right, top, bottom } = this.chart;
    const size = sizeOf(points.length, Math.min(right - left, bottom - top));
    const kind = ({ y }) => String(classOf(y));
    const kinds = points.map(kind).join();
    if (this.kinds !== kinds) {
      this.kinds = kinds;
      this.shapes.replaceChildren(...points.map((point, number) => this.shapeFor(point, number)));
    }
    points.forEach(({ x }, n) => placeShape(this.shapes.children[n], this.chart.x(x[0]), this.chart.y(x[1]), size));
    const held = heldOutNow().map((point) => {
      const shape = heldOutShape(classOf(point.y));
      placeShape(shape, this.chart.x(point.x[0]), this.chart.y(point.x[1]), 0.8 * size);
      return shape;
    });
    this.held.replaceChildren(...held);
    this.choose(this.chosen);
  }

  shapeFor({ y }, number) {
    const shape = shapeOf(classOf(y));
    setClass(shape, "editable", true);
    shape.dataset.sample = String(number);
    shape.addEventListener("keydown", (event) => {
      if (this.editor.key(event, this.chosen)) this.shapes.children[this.chosen]?.focus();
    });
    return shape;
  }

  /* Marks a sample, which is the one that the keyboard reaches. */
  choose(number) {
    if (number !== this.chosen) this.shapes.children[this.chosen]?.removeAttribute("tabindex");
    this.chosen = number;
    const shape = this.shapes.children[number];
    setAttribute(this.ring, "visibility", shape ? "visible" : "hidden");
    if (!shape) return;
    setAttribute(this.ring, "transform", shape.getAttribute("transform"));
    setAttribute(shape, "tabindex", "0");
    setAttribute(shape, "role", "button");
    setAttribute(shape, "aria-label", tr`sample ${number + 1}: arrow keys move it, Delete deletes it, the number of a class adds one`);
  }

  /* Shows the outputs as they are now; in more cells while training stands still. */
  render(isStill = this.isStill) {
    this.isStill = isStill;
    if (this.chart.left === undefined) return;
    if (this.cells !== this.grid.cells) {
      this.takeGrid();
      this.placeGrid();
    }
    this.grid.compute();
    const { cells } = this.grid;
    const { middle, reach } = this;
    const grids = this.grid.ofOutputs;
    const isSplit = classes.length > 0 && threshold === null;
    const margins = isSplit
      ? grids.map((_, n) => grids[0].map((_first, cell) => marginOf(grids.map((grid) => grid[cell]), n)))
      : [grids[0].map((output) => output - middle)];
    this.raster.fill((column, row) => {
      const cell = row * cells + column;
      if (!isSplit) return shadeAt(this.shades, margins[0][cell], 0, reach);
      const label = margins.findIndex((grid) => grid[cell] >= 0);
      return this.regions[label < 0 ? classes.length : label];
    });
    const numberAt = (n) => (columns, rows) =>
      columns.map((column, point) => {
        const values = Array.from(outputsFor(this.grid.at(column, rows[point])));
        return isSplit ? marginOf(values, n) : values[0] - middle;
      });
    const lines = classes.length ? margins.map((grid, n) => contourPath(grid, cells, numberAt(n))) : [];
    setAttribute(this.boundary, "d", lines.join(""));
  }

  /* The output without colour: where the decision changes, or the middle of the targets. */
  get middle() {
    if (threshold !== null) return threshold;
    const targets = points.map(({ y }) => y[0]);
    return targets.length ? (Math.min(...targets) + Math.max(...targets)) / 2 : 0;
  }

  /* How far from it colours are full: where the targets are. */
  get reach() {
    if (outputs > 1) return 1;
    const { middle } = this;
    return points.reduce((most, { y }) => Math.max(most, Math.abs(y[0] - middle)), 0) || 1;
  }
}
