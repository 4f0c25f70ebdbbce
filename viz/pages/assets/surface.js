/* The decision surface: the outputs of the model over the plane of two inputs, with the samples. */
import { Chart, limitsOf } from "./chart.js";
import { contourPath } from "./contours.js";
import { setAttribute, svg } from "./dom.js";
import { shadeOf } from "./marker_shapes.js";
import { buildMarkers, placeMarker } from "./markers.js";
import { CELLS, outputsAt, planeLimits, planeNumbers } from "./plane.js";
import { Ring } from "./ring.js";
import { colourOf, mixed, onColours, pixelsOf, Raster, shadeAt, shadesOf } from "./shading.js";
import { classes, outputCount, predictionsAt, recorded, samples, targets, threshold } from "./training.js";
import { tr } from "./words.js";

const STRENGTH = 0.7; // of the colours; less than 1 so that the samples stand out

const hasRegions = classes.length > 0 && threshold === null;
const modelOutputs = planeNumbers.slice(-outputCount);

/* The output that has no colour, and the distance from it at which colours are strongest. */
export function outputScale() {
  const last = predictionsAt(recorded.length - 1).map(([output]) => output);
  if (threshold === null) {
    const [low, high] = limitsOf(targets.map(([target]) => target), 0);
    return { middle: (low + high) / 2, reach: (high - low) / 2 || 1 };
  }
  const far = Math.max(...last.map((output) => Math.abs(output - threshold)).filter(Number.isFinite), 0);
  return { middle: threshold, reach: far || 1 };
}

/* The margin of an output over the largest of the others, at each of some points. */
function marginsOver(outputs, number) {
  const others = outputs.filter((_, other) => other !== number);
  return outputs[number].map((x, point) => {
    let most = -Infinity;
    for (const other of others) most = Math.max(most, other[point]);
    return x - most;
  });
}

export class Surface {
  /* Fills `host`; pressing a sample calls `choose` with its number. */
  constructor(host, choose) {
    this.raster = new Raster(CELLS);
    host.append(this.raster.canvas);
    const [x, y] = planeLimits;
    this.chart = new Chart(host, { x, y, names: ["x1", "x2"], description: tr`The decision surface, with the samples` });
    this.boundary = svg("path", { class: "boundary" });
    this.markers = buildMarkers(choose);
    this.ring = new Ring(this.markers);
    this.chart.content.append(this.boundary, ...this.markers, this.ring.element);
    this.scale = outputScale();
    this.readColours();
    this.chart.onResize(() => this.layOut());
    onColours(() => {
      this.readColours();
      this.render();
    });
  }

  readColours() {
    const ground = colourOf("background");
    this.shades = shadesOf(STRENGTH);
    this.regions = pixelsOf([...classes.map((_, label) => mixed(ground, colourOf(shadeOf(label)), 0.4)), ground]);
  }

  layOut() {
    const { left, right, top, bottom } = this.chart;
    this.raster.place(left, top, right - left, bottom - top);
    const scale = `scale(${(right - left) / CELLS} ${(top - bottom) / CELLS})`;
    setAttribute(this.boundary, "transform", `translate(${left} ${bottom}) ${scale}`);
    samples.forEach(([x, y], number) => placeMarker(this.markers[number], this.chart.x(x), this.chart.y(y)));
    this.ring.follow();
  }

  render() {
    const margins = hasRegions ? modelOutputs.map((_, number) => marginsOver(modelOutputs, number)) : [this.distancesOf(modelOutputs)];
    this.raster.fill(hasRegions ? this.regionAt(margins) : this.shadeIn(modelOutputs[0]));
    const boundary = classes.length ? margins.map((grid, number) => contourPath(grid, CELLS, this.numberAt(number))) : [];
    setAttribute(this.boundary, "d", boundary.join(""));
  }

  /* The function whose zeros are a boundary, at some points: the margin of a class, or the distance from the threshold. */
  numberAt(number) {
    return (x, y) => (hasRegions ? marginsOver(outputsAt(x, y), number) : this.distancesOf(outputsAt(x, y)));
  }

  distancesOf([output]) {
    return output.map((x) => x - this.scale.middle);
  }

  shadeIn(grid) {
    const { middle, reach } = this.scale;
    return (column, row) => shadeAt(this.shades, grid[row * CELLS + column], middle, reach);
  }

  /* The colour of the predicted class; the background where an output is not a number. */
  regionAt(margins) {
    return (column, row) => {
      const label = margins.findIndex((grid) => grid[row * CELLS + column] >= 0);
      return this.regions[label < 0 ? classes.length : label];
    };
  }

  choose(number) {
    this.ring.choose(number);
  }
}
