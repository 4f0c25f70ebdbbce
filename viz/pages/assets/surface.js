/* The decision surface: the outputs of the model over the plane of two inputs, with the samples. */
import { Chart, limitsOf } from "./chart.js";
import { html, setAttribute, svg } from "./dom.js";
import { buildMarkers, placeMarker, shadeOf } from "./markers.js";
import { classes, marginsOf, outputsOf, predictionsAt, recorded } from "./training.js";
import { samples, targets, threshold, training } from "./training.js";

const WORK = 4e6; // the number of instructions that a surface may take
const CELLS = Math.round(Math.min(96, Math.max(24, Math.sqrt(WORK / training.work)))); // along each side
const STRENGTH = 0.7; // of the colours; less than 1 so that the samples stand out

const hasRegions = classes.length > 0 && threshold === null;

/* A colour of the palette as red, green and blue. */
function colourOf(name) {
  const hex = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
}

const mixed = (a, b, share) => a.map((channel, n) => channel + share * (b[n] - channel));

/* The output that has no colour, and the distance from it at which colours are strongest. */
function scaleOf() {
  const last = predictionsAt(recorded.length - 1).map(([output]) => output);
  if (threshold === null) {
    const [low, high] = limitsOf(targets.map(([target]) => target), 0);
    return { middle: (low + high) / 2, reach: (high - low) / 2 || 1 };
  }
  const far = Math.max(...last.map((output) => Math.abs(output - threshold)).filter(Number.isFinite), 0);
  return { middle: threshold, reach: far || 1 };
}

/* The line where the numbers of a grid are zero, as the ends of straight segments, in cells. */
function crossings(grid) {
  const pieces = [];
  for (let row = 0; row + 1 < CELLS; row += 1) {
    for (let column = 0; column + 1 < CELLS; column += 1) {
      const corners = [[0, 0], [1, 0], [1, 1], [0, 1]].map(([dx, dy]) => [column + dx, row + dy]);
      const points = [];
      corners.forEach((from, n) => {
        const to = corners[(n + 1) % 4];
        const [a, b] = [from, to].map(([x, y]) => grid[y * CELLS + x]);
        if (a > 0 === b > 0) return;
        const share = a / (a - b);
        points.push([from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])]);
      });
      for (let n = 0; n + 1 < points.length; n += 2) pieces.push([points[n], points[n + 1]]);
    }
  }
  return pieces;
}

export class Surface {
  /* Fills `host`; pressing a sample calls `choose` with its number. */
  constructor(host, choose) {
    this.canvas = html("canvas", { width: CELLS, height: CELLS });
    this.canvas.setAttribute("aria-hidden", "true");
    host.append(this.canvas);
    const [x, y] = [0, 1].map((axis) => limitsOf(samples.map((sample) => sample[axis]), 0.25));
    this.chart = new Chart(host, { x, y, names: ["x1", "x2"], description: "The decision surface, with the samples" });
    this.boundary = svg("path", { class: "boundary" });
    this.markers = buildMarkers(choose);
    this.chart.content.append(this.boundary, ...this.markers);
    this.scale = scaleOf();
    this.chart.onResize(() => this.layOut());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.render());
  }

  layOut() {
    const { left, right, top, bottom } = this.chart;
    Object.assign(this.canvas.style, {
      left: `${left}px`,
      top: `${top}px`,
      width: `${right - left}px`,
      height: `${bottom - top}px`,
    });
    samples.forEach(([x, y], number) => placeMarker(this.markers[number], this.chart.x(x), this.chart.y(y)));
    if (this.borders) this.drawBoundary();
  }

  /* The centre of a cell on an axis. */
  centreOf(cell, [low, high]) {
    return low + ((cell + 0.5) / CELLS) * (high - low);
  }

  render() {
    const { x, y } = this.chart.limits;
    const grid = []; // the outputs, row by row from the bottom
    for (let row = 0; row < CELLS; row += 1) {
      for (let column = 0; column < CELLS; column += 1) {
        grid.push(outputsOf([this.centreOf(column, x), this.centreOf(row, y)]));
      }
    }
    const margins = hasRegions ? grid.map(marginsOf) : grid.map(([output]) => [output - this.scale.middle]);
    this.fill(margins);
    this.borders = classes.length ? margins[0].flatMap((_, k) => crossings(margins.map((all) => all[k]))) : [];
    if (this.chart.left !== undefined) this.drawBoundary();
  }

  fill(margins) {
    const context = this.canvas.getContext("2d");
    const image = context.createImageData(CELLS, CELLS);
    const ground = colourOf("background");
    const [below, above] = [colourOf("negative"), colourOf("positive")];
    const shades = hasRegions ? classes.map((_, label) => mixed(ground, colourOf(shadeOf(label)), 0.4)) : [];
    margins.forEach((all, number) => {
      const share = Math.min(1, Math.abs(all[0]) / this.scale.reach) || 0;
      const colour = hasRegions
        ? (shades[all.findIndex((margin) => margin >= 0)] ?? ground)
        : mixed(ground, all[0] > 0 ? above : below, STRENGTH * share);
      const at = 4 * ((CELLS - 1 - Math.floor(number / CELLS)) * CELLS + (number % CELLS));
      image.data.set([...colour, 255], at);
    });
    context.putImageData(image, 0, 0);
  }

  drawBoundary() {
    const { x, y } = this.chart.limits;
    const at = ([column, row]) => {
      const [px, py] = [this.chart.x(this.centreOf(column, x)), this.chart.y(this.centreOf(row, y))];
      return `${px.toFixed(1)} ${py.toFixed(1)}`;
    };
    setAttribute(this.boundary, "d", this.borders.map(([from, to]) => `M${at(from)}L${at(to)}`).join(""));
  }

  choose(number) {
    this.markers.forEach((shape, other) => shape.classList.toggle("chosen", other === number));
  }
}
