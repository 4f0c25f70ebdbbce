/* What the page was told of the training, and what follows from the weights of one of its epochs. */
import { graph } from "./graph.js";
import { showNumber } from "./math.js";

export const { training } = graph;
export const { epochs, classes, labels, layers, samples, targets, threshold } = training;
export const recorded = training.weights.map((row) => row.map(Number)); // the weights at each of the epochs
export const curveOf = (points) => points.map(([at, y]) => [at, Number(y)]);

export let weights = []; // as they are now
export let answers = []; // the outputs for each sample
export let meanLoss = NaN;

/* The loss of a sample and the outputs for it, at some weights. */
const outcomeAt = (number, row) => outcome(...samples[number], ...targets[number], ...row);

/* Goes to the weights that were recorded at a place among the epochs. */
export function loadWeights(place) {
  weights = recorded[place];
  const outcomes = samples.map((_, number) => outcomeAt(number, weights));
  answers = outcomes.map(([, ...outputs]) => outputs);
  meanLoss = outcomes.reduce((sum, [one]) => sum + one, 0) / samples.length;
}

/* The outputs for each sample at a place among the epochs. */
export const answersAt = (place) => samples.map((_, number) => outcomeAt(number, recorded[place]).slice(1));

/* The outputs for any inputs, now. */
export const outputsOf = (inputs) => outcome(...inputs, ...targets[0], ...weights).slice(1);

/* How far each output is above the largest of the others. */
export function marginsOf(outputs) {
  return outputs.map((output, k) => output - Math.max(...outputs.filter((_, other) => other !== k)));
}

/* The class that outputs speak for. */
export function decided(outputs) {
  return threshold === null ? outputs.indexOf(Math.max(...outputs)) : Number(outputs[0] > threshold);
}

/* A sentence on the epoch. */
export function summary(place) {
  const right = answers.filter((outputs, number) => decided(outputs) === labels[number]).length;
  const all = samples.length.toLocaleString("en");
  const accuracy = classes.length ? `, accuracy ${right.toLocaleString("en")} of ${all}` : "";
  return `Epoch ${epochs[place].toLocaleString("en")}: loss ${showNumber(meanLoss)}${accuracy}`;
}

/* A sample in a few characters. */
export function sampleTitle(number) {
  const short = (x) => (Number.isInteger(x) ? String(x).replace("-", "−") : showNumber(Number(x.toPrecision(3))));
  const given = samples[number].length <= 3 ? ` (${samples[number].map(short).join(", ")})` : "";
  const wanted = classes.length ? `class ${classes[labels[number]]}` : targets[number].map(short).join(", ");
  return `${number + 1}${given} → ${wanted}`;
}
