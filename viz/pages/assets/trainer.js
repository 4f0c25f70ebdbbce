/* The training loop: what `fit` does, on programs that the compiler has made. It runs in a worker, and knows no page. */
import { SampleOrders } from "./random.js";

const FAR = 10; // times the lowest loss so far: a loss above, and above the first loss and 1, has diverged
const MOST_POINTS = 1000; // of a curve

/* The losses of epochs: only evenly spaced ones if there are many, and always the last. */
class LossCurve {
  constructor() {
    this.stride = 1;
    this.kept = [];
    this.last = null;
  }

  /* Adds the loss of the next epoch; `heldOut()` is that of the held-out samples after it, computed only if kept. */
  add(epoch, loss, heldOut) {
    const point = epoch % this.stride === 0 ? [epoch, loss, heldOut()] : [epoch, loss, NaN];
    this.last = point;
    if (epoch % this.stride) return;
    this.kept.push(point);
    if (this.kept.length <= MOST_POINTS) return;
    this.stride *= 2;
    this.kept = this.kept.filter(([at]) => at % this.stride === 0);
  }

  get points() {
    const { kept, last } = this;
    return last && last !== kept.at(-1) ? [...kept, last] : kept;
  }
}

/* The words for a number that ends training: a loss, or the derivative with respect to a parameter. */
function faultOf(totals, count, epoch, batch) {
  if (!Number.isFinite(totals[count])) return { epoch, batch, parameter: null, number: totals[count] };
  const parameter = totals.subarray(0, count).findIndex((x) => !Number.isFinite(x));
  return parameter < 0 ? null : { epoch, batch, parameter, number: totals[parameter] };
}

export class Trainer {
  /* `networks` and `optimizers` are the programs, and `slope(w, l1, l2)` is the derivative of the penalties. */
  constructor(networks, optimizers, slope) {
    Object.assign(this, { networks, optimizers, slope });
  }

  /* Starts from a setting: the numbers of the network and the optimizer, `weights`, the learning rate `rate`, the
     `momentum`, `batch` (0 for all samples), the factors `l1` and `l2` of the penalties on the `penalized` weights, `seed`, `rows` of samples (inputs and targets, one after another, of `columns` numbers),
     those `heldOut`, and for an optimizer that has made steps its `states` and `steps`. */
  load({ states, steps, weights, ...setting }) {
    this.weights = Float64Array.from(weights);
    this.count = weights.length;
    this.totals = new Float64Array(this.count + 1);
    Object.assign(this, { epoch: 0, position: 0, fault: null, curve: new LossCurve(), first: null, lowest: Infinity, below: -1 });
    this.change({ optimizer: 0, ...setting });
    if (states) this.states.set(states);
    this.steps = steps ?? 0;
  }

  /* Changes parts of the setting. Training goes on with the same weights; other samples begin a new epoch. */
  change(setting) {
    Object.assign(this, setting);
    if ("optimizer" in setting) {
      this.states = new Float64Array(this.optimizers[this.optimizer].slots * this.count);
      this.steps = 0;
    }
    this.samples = this.rows.length / this.columns;
    if ("rows" in setting || "batch" in setting || "seed" in setting) {
      this.orders = new SampleOrders(this.seed, Math.max(1, this.samples));
      this.position = 0; // an epoch begun with other samples is begun again
    }
    this.row = new Float64Array(this.columns + 1);
    if (!this.position) this.lossSoFar = 0;
    this.fault = null;
  }

  /* Makes the step of one minibatch; returns whether it could. Without samples there is nothing to do. A step whose loss
     or gradient is not finite is not made, and `fault` says what of it is not. */
  step() {
    const { samples, columns, rows, row, totals, weights, position, count } = this;
    if (this.fault || !samples) return false;
    const size = Math.min(this.batch || samples, samples);
    const order = size < samples ? this.orders.of(this.epoch) : null;
    const end = Math.min(position + size, samples);
    const { gradient } = this.networks[this.network];
    totals.fill(0);
    row[columns] = 1 / (end - position);
    for (let n = position; n < end; n += 1) {
      const start = (order ? order[n] : n) * columns;
      for (let column = 0; column < columns; column += 1) row[column] = rows[start + column];
      gradient(row, weights, totals);
    }
    this.fault = faultOf(totals, count, this.epoch, Math.floor(position / size));
    if (this.fault) return false;
    this.lossSoFar += totals[count] * (end - position);
    this.update();
    this.position = end;
    if (end === samples) this.endEpoch();
    return true;
  }

  update() {
    const { totals, weights, l1, l2, count, momentum, rate } = this;
    if (l1 || l2) for (const n of this.penalized) totals[n] += this.slope(weights[n], l1, l2);
    const { takesMomentum, shared, update } = this.optimizers[this.optimizer];
    this.steps += 1;
    const common = takesMomentum ? shared(momentum, rate, this.steps) : shared(rate, this.steps);
    update(weights, totals, this.states, common, count);
  }

  endEpoch() {
    const loss = this.lossSoFar / this.samples;
    this.first ??= loss;
    this.lowest = Math.min(this.lowest, loss);
    if (loss <= this.first) this.below = this.epoch;
    this.curve.add(this.epoch, loss, () => this.heldOutLoss());
    this.epoch += 1;
    this.position = 0;
    this.lossSoFar = 0;
  }

  /* The mean loss of the held-out samples; NaN if there are none. */
  heldOutLoss() {
    const { heldOut, columns, row, weights } = this;
    if (!heldOut) return NaN;
    const { outcome, outputs } = this.networks[this.network];
    const out = new Float64Array(1 + outputs);
    let sum = 0;
    for (let start = 0; start < heldOut.length; start += columns) {
      row.set(heldOut.subarray(start, start + columns));
      outcome(row, weights, out);
      sum += out[0];
    }
    return sum / (heldOut.length / columns);
  }

  /* Makes steps to the end of an epoch. */
  trainEpoch() {
    const { epoch } = this;
    while (this.epoch === epoch && this.step());
    return this.epoch > epoch;
  }

  /* Whether the loss has grown far above the lowest, and above that of the first epoch. */
  get hasDiverged() {
    if (this.first === null) return false;
    const [, last] = this.curve.last;
    return last > FAR * this.lowest && last > Math.max(this.first, 1);
  }

  /* What a page shows. */
  get snapshot() {
    const { epoch, position, steps, fault, first, below, hasDiverged } = this;
    const { points } = this.curve;
    return { epoch, position, steps, fault, first, below, hasDiverged, points, weights: this.weights.slice() };
  }
}
