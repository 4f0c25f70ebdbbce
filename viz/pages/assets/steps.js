/* The current position in the forward and the backward pass, and what of its step is known to the reader. */
import { backward, before, contributions, data, firstOperation, forward, gradientsSoFar, isOnly, isProduct } from "./graph.js";
import { locals, nameOf, root, upstream } from "./graph.js";
import { showNumber, typeset } from "./numbers.js";
import { relationOfContribution, relationOfSum } from "./relations.js";
import { tr } from "./words.js";

export const lastPosition = forward.length + backward.length;
export let position = 0; // 0 is before the first step; then come the forward steps, then the backward steps

export function moveTo(to) {
  position = to;
  isRevealed = false;
}

export const isBackward = () => position > forward.length;
export const backwardNumber = () => position - forward.length - 1;
export const stepAt = (at) => (at > forward.length ? backward[at - forward.length - 1] : forward[at - 1]) ?? null;
export const currentStep = () => stepAt(position);
export const forwardStep = () => (isBackward() ? null : currentStep());
export const isKnown = (node) => node < firstOperation + position;

// Predict, then reveal

let predicts = false; // whether the contribution of a step is hidden at first
let isRevealed = false; // whether that of the current step has been revealed

export const isPredicting = () => predicts;

export function predict(isOn) {
  predicts = isOn;
  isRevealed = false;
}

export function reveal() {
  isRevealed = true;
}

/* Whether the contribution of the current step is hidden. One that is not finite never is: it cannot be typed. */
export function isConcealed() {
  if (!predicts || isRevealed || !isBackward() || currentStep().slot === null) return false;
  return Number.isFinite(contributions[backwardNumber()]);
}

/* The number of backward steps whose contributions the reader has seen; below 0 in the forward pass. */
export const stepsSeen = () => position - forward.length - (isConcealed() ? 1 : 0);

/* Whether the gradient of a node is still to be predicted: some contribution to it has not been seen. */
export function isToBePredicted(node) {
  return predicts && backward.findLastIndex(({ operand }) => operand === node) >= stepsSeen();
}

/* Whether a local derivative, that of an operation by the operand in a slot, would tell the reader a number that is still
   to be predicted: the answer of the current step, or later the contribution over the same edge. */
export function tellsAnswer(node, slot, derivative) {
  if (!predicts) return false;
  const text = showNumber(derivative);
  return backward.some((step, number) => {
    if (number < stepsSeen() || (number > stepsSeen() && (step.node !== node || step.slot !== slot))) return false;
    if (number === stepsSeen() && !isConcealed() && (step.node !== node || step.slot !== slot)) return false;
    return [contributions[number], gradientsSoFar[number]].some((answer) => showNumber(answer) === text);
  });
}

/* The gradient of every node so far; undefined before its first contribution. */
export function gradientsNow() {
  const found = [];
  const steps = stepsSeen();
  for (let step = 0; step < steps; step += 1) found[backward[step].operand] = gradientsSoFar[step];
  return found;
}

/* The position in a few words. */
export function phase() {
  if (position === 0) return tr`Start · ${forward.length} forward, ${backward.length} backward`;
  return isBackward()
    ? tr`Backward · step ${backwardNumber() + 1} of ${backward.length}`
    : tr`Forward · step ${position} of ${forward.length}`;
}

const asAddend = (number) => (number.startsWith("−") ? `(${number})` : number);

/* The current step as a sentence. */
export function sentence() {
  if (position === 0) {
    if (!forward.length) return tr`A single leaf: there is nothing to compute.`;
    return tr`Press ▶ or → to compute ${typeset(forward[0].code)}; drag a slider; press a node for the paths of its gradient.`;
  }
  const step = currentStep();
  if (!isBackward()) return `${typeset(step.code)} = ${showNumber(data[step.node])}`;
  if (step.slot === null) return tr`The derivative of ${nameOf(root)} with respect to itself is 1.`;
  const number = backwardNumber();
  const contribution = isConcealed() ? "?" : showNumber(contributions[number]);
  const factors = tr`upstream ${showNumber(upstream(number))} × local ${showNumber(locals[number])}`;
  const sign = isProduct(number) && !isConcealed() ? relationOfContribution(number) : "=";
  const product = `${isProduct(number) ? factors : tr`a branch not taken`} ${sign} ${contribution}`;
  const passes = tr`${nameOf(step.node)} passes its gradient to ${nameOf(step.operand)}: ${product}`;
  if (isConcealed()) return passes;
  const known = before(number);
  if (known === undefined) return isOnly(number) ? tr`${passes}, the only contribution` : tr`${passes}, the first contribution`;
  const sum = `${showNumber(known)} + ${asAddend(contribution)} ${relationOfSum(number)} ${showNumber(gradientsSoFar[number])}`;
  return tr`${passes}, added to the gradient so far: ${sum}`;
}
