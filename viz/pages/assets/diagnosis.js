/* Where training goes wrong, in words: the loss diverges, or neurons no longer learn. It knows no page. Epochs are counted
   as on the page, whose number is that of the epochs made. */
import { counted } from "./live_numbers.js";
import { tr } from "./words.js";

const FLAT = 0.01; // of the slope at 0: an activation that is flatter for every sample is saturated
const MOST_NAMED = 3; // neurons of a layer in a sentence
const BEYOND = 1e3; // a weighted sum at which an activation that saturates is flat

const listOf = (words) => (words.length < 2 ? words.join("") : tr`${words.slice(0, -1).join(", ")} and ${words.at(-1)}`);

/* The words for the number that stopped training. */
function wordsForFault({ epoch, batch, parameter, number }, names) {
  const what = parameter === null ? tr`the loss` : tr`the gradient of ${names[parameter]}`;
  const value = Number.isNaN(number) ? tr`not a number` : tr`infinite`;
  return tr`In step ${batch + 1} after epoch ${counted(epoch)}, ${what} is ${value}. Training stopped before that step.`;
}

/* Neurons in words, by layer. */
function wordsForNeurons(found) {
  const layers = [...new Set(found.map(({ layer }) => layer))];
  return listOf(
    layers.map((layer) => {
      const numbers = found.filter((one) => one.layer === layer).map(({ neuron }) => neuron + 1);
      if (numbers.length === 1) return tr`neuron ${numbers[0]} of layer ${layer}`;
      const rest = numbers.length - MOST_NAMED;
      const named = listOf(rest > 1 ? [...numbers.slice(0, MOST_NAMED), tr`${rest} more`] : numbers);
      return tr`neurons ${named} of layer ${layer}`;
    }),
  );
}

export class Diagnosis {
  constructor() {
    this.since = new Map(); // for each ailing neuron, as "layer.neuron", the epoch where it was found
  }

  /* The neurons that no longer learn, each as {layer, neuron, isDead}, counted from 1 and 0. `layers` has for each layer
     its number of neurons, `slopes` the derivative of its activation, and `sums` the weighted sums of all neurons, for
     each sample. A neuron is dead where its slope is 0 but would not be on the other side, as that of a relu; one that is
     flat on both sides, as a tanh, is saturated even where its slope rounds to 0. Of the last layer nothing is said:
     saturated, it may just be sure. */
  ailing(layers, slopes, sums) {
    const found = [];
    let first = 0;
    for (const [depth, size] of layers.slice(0, -1).entries()) {
      const slope = slopes[depth];
      const steepest = Math.max(Math.abs(slope(0)), Math.abs(slope(1e-3)));
      for (let neuron = 0; neuron < size; neuron += 1) {
        const place = first + neuron;
        const most = sums.reduce((largest, of) => Math.max(largest, Math.abs(slope(of[place]))), 0);
        const isDead = most === 0 && Math.abs(slope(BEYOND)) > 0;
        if (most === 0 || most < FLAT * steepest) found.push({ layer: depth + 1, neuron, isDead });
      }
      first += size;
    }
    return sums.length ? found : [];
  }

  /* What is wrong, as sentences, the most important first. `report` is a snapshot of the training, `rate` the learning
     rate, `names` those of the parameters, `found` the result of `ailing`, and `isSolved` whether every decision is
     correct. */
  words({ report, rate, names, found, isSolved }) {
    const { epoch, fault, hasDiverged, below } = report;
    const current = new Set(found.map(({ layer, neuron }) => `${layer}.${neuron}`));
    for (const key of this.since.keys()) if (!current.has(key)) this.since.delete(key);
    for (const key of current) if (!this.since.has(key)) this.since.set(key, epoch);
    const sentences = [];
    const advice = tr`The learning rate ${rate} is too high: choose a lower one, and reset.`;
    if (fault) sentences.push(`${wordsForFault(fault, names)} ${advice}`);
    else if (hasDiverged) sentences.push(tr`The loss has been above that of epoch 0 since epoch ${counted(below + 1)}. ${advice}`);
    for (const isDead of [true, false]) {
      const alike = found.filter((one) => one.isDead === isDead);
      if (!alike.length || (!isDead && isSolved)) continue;
      sentences.push(this.sentenceFor(alike, isDead));
    }
    return sentences;
  }

  sentenceFor(alike, isDead) {
    const names = wordsForNeurons(alike);
    const since = counted(Math.min(...alike.map(({ layer, neuron }) => this.since.get(`${layer}.${neuron}`))));
    const start = names.charAt(0).toUpperCase() + names.slice(1);
    if (alike.length === 1)
      return isDead
        ? tr`${start} has been dead since epoch ${since}: the slope is 0 for every sample, so it no longer learns.`
        : tr`${start} has been saturated since epoch ${since}: the slope is almost 0 for every sample, so it hardly learns.`;
    return isDead
      ? tr`${start} have been dead since epoch ${since}: the slope is 0 for every sample, so they no longer learn.`
      : tr`${start} have been saturated since epoch ${since}: the slope is almost 0 for every sample, so they hardly learn.`;
  }
}
