/* The plane of two inputs, or the line of one: the outputs of the model, or of all its neurons, on a grid over it. */
import { limitsOf } from "./chart.js";
import { outputCount, samples, training, weights } from "./training.js";

const WORK = 2e6; // the number of instructions that a grid may take
const AROUND_SAMPLES = 0.25; // around the samples, as a share of their range

export const isCovered = training.plane !== null; // whether the page computes numbers over the line or the plane
export const hasPlane = isCovered && samples[0].length === 2;
const across = Math.sqrt(WORK / (training.plane?.work ?? 1));
export const CELLS = Math.round(Math.min(72, Math.max(24, across))); // along each axis
const count = hasPlane ? CELLS * CELLS : CELLS;
export const planeLimits = isCovered
  ? samples[0].map((_, axis) => limitsOf(samples.map((sample) => sample[axis]), AROUND_SAMPLES))
  : [];

/* The inputs at the centre of each cell, row by row from the bottom. */
export const planeInputs = planeLimits.map(([low, high], axis) =>
  Float64Array.from({ length: count }, (_, n) => {
    const cell = axis === 0 ? n % CELLS : Math.floor(n / CELLS);
    return low + ((cell + 0.5) / CELLS) * (high - low);
  }),
);

/* The numbers in each cell: for an MLP the outputs of all neurons, layer by layer; the model's outputs come last. */
export const planeNumbers = Array.from({ length: training.plane?.numbers ?? 0 }, () => new Float64Array(count));

/* Computes these numbers with some weights. */
export function loadPlane(row) {
  if (isCovered) overPlane(planeInputs, row, planeNumbers);
}

/* The outputs of the model at some points of the plane, whose coordinates are in cells from the centre of the first: for
   each output its numbers. */
export function outputsAt(...cells) {
  const inputs = planeLimits.map(([low, high], axis) => cells[axis].map((cell) => low + ((cell + 0.5) / CELLS) * (high - low)));
  const numbers = planeNumbers.map(() => new Float64Array(inputs[0].length));
  overPlane(inputs, weights, numbers);
  return numbers.slice(-outputCount);
}

/* The largest distance of the numbers in a grid from one in the middle; 1 if there is none. */
export function reachOf(numbers, middle) {
  let reach = 0;
  for (const x of numbers) if (Math.abs(x - middle) > reach && Number.isFinite(x)) reach = Math.abs(x - middle);
  return reach || 1;
}
