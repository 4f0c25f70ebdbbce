/* The plane of two inputs while it trains: the outputs of the model, or of all its neurons, on a grid over it. */
import { limitsOf } from "./chart.js";
import { inputs, live, networkNow, outputs, outputsFor, points, programsNow, weights } from "./live_state.js";

const FEWEST_CELLS = 20; // along each axis
// The most cells along each axis, and the most instructions for all of them: while it plays, and while it stands still
const PLAYING = { most: 56, work: 4e5 };
const STILL = { most: 144, work: 3e6 };
const FINEST = 8; // pixels of the plot for a cell, at least, where there are more than while it plays
const SURROUNDINGS = 0.25; // around the samples, as a share of their range

export const isPlane = inputs === 2;

/* The ends of both axes, around all points. */
export function limitsOfPlane() {
  const placed = points.length ? points : live.sets[0].samples.map((x) => ({ x }));
  return [0, 1].map((axis) => limitsOf(placed.map(({ x }) => x[axis]), SURROUNDINGS));
}

/* The cells along each axis for a plot of some pixels: more while it stands still. */
export function cellsFor(pixels, isStill) {
  const across = ({ most, work }) => Math.round(Math.min(most, Math.max(FEWEST_CELLS, Math.sqrt(work / networkNow().work))));
  const playing = across(PLAYING);
  return isStill ? Math.max(playing, Math.min(across(STILL), Math.round(pixels / FINEST))) : playing;
}

export class LiveGrid {
  /* Covers the plane between `limits`. */
  constructor(limits, cells) {
    Object.assign(this, { limits, cells });
    const { layers } = networkNow();
    this.neurons = layers.reduce((sum, { bias }) => sum + bias.length, 0); // 0 if the network is not made of neurons
    this.grids = Array.from({ length: this.neurons || outputs }, () => new Float64Array(this.cells ** 2));
    this.point = new Float64Array(2);
    this.out = new Float64Array(2 * this.neurons);
  }

  /* The inputs at some cells from the centre of the first. */
  at(column, row) {
    const [x, y] = this.limits;
    this.point[0] = x[0] + ((column + 0.5) / this.cells) * (x[1] - x[0]);
    this.point[1] = y[0] + ((row + 0.5) / this.cells) * (y[1] - y[0]);
    return this.point;
  }

  compute() {
    const { cells, grids, out, neurons } = this;
    const { neurons: program } = programsNow();
    for (let cell = 0; cell < cells * cells; cell += 1) {
      const point = this.at(cell % cells, Math.floor(cell / cells));
      if (neurons) program(point, weights, out);
      const values = neurons ? out.subarray(neurons) : outputsFor(point);
      for (let n = 0; n < grids.length; n += 1) grids[n][cell] = values[n];
    }
  }

  /* The grids of the outputs of the model. */
  get ofOutputs() {
    return this.grids.slice(-outputs);
  }
}
