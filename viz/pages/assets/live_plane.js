/* The plane of two inputs while it trains: the outputs of the model, or of all its neurons, on a grid over it. */
import { limitsOf } from "./chart.js";
import { inputs, live, networkNow, outputs, outputsFor, points, programsNow, weights } from "./live_state.js";

const [FEWEST_CELLS, MOST_CELLS] = [20, 56]; // cells along each axis
const WORK = 4e5; // instructions for all cells, at most
const SURROUNDINGS = 0.25; // around the samples, as a share of their range

export const isPlane = inputs === 2;

/* The ends of both axes, around all points. */
export function limitsOfPlane() {
  const placed = points.length ? points : live.sets[0].samples.map((x) => ({ x }));
  return [0, 1].map((axis) => limitsOf(placed.map(({ x }) => x[axis]), SURROUNDINGS));
}

export class LiveGrid {
  /* Covers the plane between `limits`. */
  constructor(limits) {
    this.limits = limits;
    const { work, layers } = networkNow();
    this.cells = Math.round(Math.min(MOST_CELLS, Math.max(FEWEST_CELLS, Math.sqrt(WORK / work))));
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
