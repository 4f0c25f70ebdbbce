/* Where we are in the forward and the backward pass, and how that is said in words. */
import { before, backward, contributions, data, firstOperation, forward, graph, gradientsSoFar } from "./graph.js";
import { locals, nameOf, nodes, root, upstream } from "./graph.js";
import { showNumber } from "./math.js";

export const lastPosition = forward.length + backward.length;
export let position = 0; // 0 is before the first step; then come the forward steps, then the backward steps

export function moveTo(to) {
  position = to;
}

export const isBackward = () => position > forward.length;
export const backwardNumber = () => position - forward.length - 1;
export const forwardStep = () => (position > 0 && !isBackward() ? forward[position - 1] : null);
export const currentStep = () => forwardStep() ?? (isBackward() ? backward[backwardNumber()] : null);
export const isKnown = (node) => node < firstOperation + position;

/* The gradient of every node as far as it is known; undefined where none has arrived. */
export function gradientsNow() {
  const found = [];
  for (let step = 0; step < position - forward.length; step += 1) found[backward[step].operand] = gradientsSoFar[step];
  return found;
}

export function phase() {
  if (position === 0) return `Start · ${forward.length} forward, ${backward.length} backward`;
  return isBackward()
    ? `Backward · step ${backwardNumber() + 1} of ${backward.length}`
    : `Forward · step ${position} of ${forward.length}`;
}

/* The current step in a sentence. */
export function says() {
  if (position === 0) {
    return forward.length ? "Start: the leaves have their numbers." : "A single leaf: there is nothing to compute.";
  }
  const step = currentStep();
  if (!isBackward()) return `${step.code} = ${showNumber(data[step.node])}`;
  if (step.slot === null) return `The derivative of ${nameOf(root)} by itself is 1.`;
  const number = backwardNumber();
  const contribution = showNumber(contributions[number]);
  const product = `upstream ${showNumber(upstream(number))} × local ${showNumber(locals[number])} = ${contribution}`;
  const known = before(number);
  const sum =
    known === undefined
      ? "the first to arrive there"
      : `added to what arrived before: ${showNumber(known)} + ${contribution} = ${showNumber(gradientsSoFar[number])}`;
  return `${nameOf(step.node)} passes to ${nameOf(step.operand)}: ${product}; ${sum}`;
}

/* A box of the diagram in words, for screen readers. */
export function told(box, gradient) {
  if (box < 0) return `${graph.folds[-box - 1].title}, folded, ${graph.folds[-box - 1].counted}`;
  const { name, op, kind } = nodes[box];
  const parts = [name, op || (kind === "plain" ? "leaf" : kind)];
  parts.push(isKnown(box) ? `value ${showNumber(data[box])}` : "not computed yet");
  if (gradient !== undefined) parts.push(`gradient ${showNumber(gradient)}`);
  return parts.filter(Boolean).join(", ");
}
