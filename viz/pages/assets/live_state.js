/* What the live page shows: the settings, the points, and the weights as the training last reported them. */
import { byId } from "./dom.js";

export const live = JSON.parse(byId("data").textContent);
for (const network of live.networks) {
  network.names = network.names.flatMap(([path, names]) => names.map((name) => path + name));
}
export const { inputs, outputs, classes, classTargets, threshold } = live;
export const columns = inputs + live.sets[0].targets[0].length;

/* The settings, by name; those that are lists are indices into them. */
export const setting = {
  network: 0,
  optimizer: 0,
  set: 0,
  noise: 0,
  l1: 0,
  l2: 0,
  rate: live.start.rate,
  momentum: live.start.momentum,
  batch: live.start.batch,
  seed: live.start.seed,
};
export let points = []; // {x, y}: the inputs and the targets of each sample
export let isEdited = false; // whether the reader has added, moved or deleted some
export let snapshot = null; // what the training last reported
export let weights = []; // of it

export const networkNow = () => live.networks[setting.network];
export const programsNow = () => networks[setting.network];
export const heldOutNow = () => live.sets[setting.set].heldOut?.map(([x, y]) => ({ x, y })) ?? [];

/* Takes the points of the data set, with the noise of the seed. */
export function loadPoints() {
  const { samples, targets } = live.sets[setting.set];
  const { noise, seed } = setting;
  const drawn = noise ? noiseOf(seed, samples.length * inputs) : null;
  points = samples.map((sample, n) => ({
    x: drawn ? sample.map((x, axis) => x + noise * drawn[n * inputs + axis]) : sample,
    y: targets[n],
  }));
  isEdited = false;
}

/* Takes points that the reader has changed. */
export function editPoints(changed) {
  points = changed;
  isEdited = true;
}

export function takeSnapshot(reported) {
  snapshot = reported;
  ({ weights } = reported);
}

/* The class of a target; undefined if there are no classes. */
export function classOf(y) {
  const found = classTargets.findIndex((target) => target.every((number, n) => number === y[n]));
  return found < 0 ? undefined : found;
}

/* Samples as rows of numbers, one after another. */
export const asRows = (samples) => Float64Array.from(samples.flatMap(({ x, y }) => [...x, ...y]));

/* The weights before the first step: those of the model, or those of another seed. */
export function firstWeights() {
  const { weights: own, draws } = networkNow();
  const isGiven = setting.network === 0 && (setting.seed === live.start.seed || !draws);
  return isGiven ? own : initialWeights(setting.seed, draws);
}

/* What the training starts from. */
export function startOfTraining() {
  const { network, optimizer, rate, momentum, batch, l1, l2, seed } = setting;
  const { penalized } = networkNow();
  const isGiven = network === 0 && optimizer === 0 && seed === live.start.seed;
  const heldOut = heldOutNow();
  return {
    network,
    optimizer,
    rate,
    momentum,
    batch,
    l1,
    l2,
    seed,
    penalized,
    columns,
    weights: firstWeights(),
    rows: asRows(points),
    heldOut: heldOut.length ? asRows(heldOut) : null,
    ...(isGiven ? { states: live.start.states, steps: live.start.steps } : {}),
  };
}

const given = new Float64Array(columns + outputs + 1);

/* The numbers that a program of the network computes, for a sample and the current weights. */
export function computed(program, count, x, y = []) {
  const out = new Float64Array(count);
  given.set(x);
  given.set(y, x.length);
  given[x.length + y.length] = 1;
  program(given, weights, out);
  return out;
}

/* The loss of a sample, and the outputs for it. */
export const outcomeOf = ({ x, y }) => computed(programsNow().outcome, 1 + outputs, x, y);

/* The outputs for any inputs. */
export const outputsFor = (x) => outcomeOf({ x, y: live.sets[0].targets[0] }).subarray(1);

/* The index of the predicted class. */
export const decisionOf = (values) =>
  threshold === null ? values.indexOf(Math.max(...values)) : Number(values[0] > threshold);

/* The mean loss and the number of correct decisions of some samples. */
export function score(samples) {
  let [loss, right] = [0, 0];
  for (const sample of samples) {
    const [one, ...values] = outcomeOf(sample);
    loss += one;
    if (classes.length && decisionOf(values) === classOf(sample.y)) right += 1;
  }
  return { loss: loss / samples.length, right, count: samples.length };
}
