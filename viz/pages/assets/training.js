/* The training run that the page shows, and the predictions from its weights at one epoch. */
import { graph } from "./graph.js";
import { showNumber, typeset } from "./numbers.js";
import { tr } from "./words.js";

const MOST_INPUTS = 4; // in the name of a sample

export const { training } = graph;
export const { epochs, labels, layers, samples, targets, threshold } = training;
export const classes = training.classes.map(typeset); // their names
export const recorded = training.weights.map((row) => row.map(Number)); // the weights at each of the epochs
export const curveOf = (points) => points.map(([at, y]) => [at, Number(y)]);

export let weights = []; // at the epoch that is shown
export let predictions = []; // the outputs for each sample, with these weights
export let meanLoss = NaN;

/* The loss of a sample and the outputs for it, with the given weights. */
const outcomeAt = (number, row) => outcome(...samples[number], ...targets[number], ...row);

export const outputCount = outcomeAt(0, recorded[0]).length - 1;

/* Loads the weights of the recorded epoch with this index. */
export function loadWeights(index) {
  weights = recorded[index];
  const outcomes = samples.map((_, number) => outcomeAt(number, weights));
  predictions = outcomes.map(([, ...outputs]) => outputs);
  meanLoss = outcomes.reduce((sum, [one]) => sum + one, 0) / samples.length;
}

/* The outputs for each sample at the recorded epoch with this index. */
export const predictionsAt = (index) => samples.map((_, number) => outcomeAt(number, recorded[index]).slice(1));

/* The outputs for any inputs, at the epoch that is shown. */
export const outputsOf = (inputs) => outcome(...inputs, ...targets[0], ...weights).slice(1);

/* The margin of each output over the largest of the others. */
export function marginsOf(outputs) {
  return outputs.map((output, k) => output - Math.max(...outputs.filter((_, other) => other !== k)));
}

/* The index of the predicted class. */
export function decided(outputs) {
  return threshold === null ? outputs.indexOf(Math.max(...outputs)) : Number(outputs[0] > threshold);
}

/* A summary of the recorded epoch with this index, as a sentence. */
export function summary(index) {
  const right = predictions.filter((outputs, number) => decided(outputs) === labels[number]).length;
  const all = samples.length.toLocaleString("en");
  const [epoch, loss] = [epochs[index].toLocaleString("en"), showNumber(meanLoss)];
  if (!classes.length) return tr`Epoch ${epoch}: loss ${loss}`;
  return tr`Epoch ${epoch}: loss ${loss}, accuracy ${right.toLocaleString("en")} of ${all}`;
}

/* A sample in a few characters. */
export function sampleTitle(number) {
  const short = (x) => (Number.isInteger(x) ? typeset(String(x)) : showNumber(Number(x.toPrecision(3))));
  const inputs = samples[number].length <= MOST_INPUTS ? ` (${samples[number].map(short).join(", ")})` : "";
  const target = classes.length ? tr`class ${classes[labels[number]]}` : targets[number].map(short).join(", ");
  return `${number + 1}${inputs} → ${target}`;
}
