/* What the page was told of the graph, and all the numbers that follow from those of its leaves. */
import { element } from "./dom.js";
import { showNumber } from "./math.js";

export const graph = JSON.parse(element("data").textContent);
export const { nodes, variables, forward, backward } = graph;
export const root = nodes.length - 1;
export const firstOperation = nodes.length - forward.length;

/* From each node toward the output: the numbers of the backward steps that reach it. */
export const edgesFrom = nodes.map(() => []);
backward.forEach((step, number) => {
  if (step.slot !== null) edgesFrom[step.operand].push(number);
});

export const leaves = variables.map(({ start }) => Number(start)); // the numbers of the variables, as they are now
export let data = []; // of every node
export let locals = []; // the local derivative, the contribution and the gradient so far, of every backward step
export let contributions = [];
export let gradientsSoFar = [];
export let fault = null; // where the finite numbers are left

export function compute() {
  const [values, rest] = program(...leaves);
  data = values;
  locals = backward.map((_, number) => rest[3 * number]);
  contributions = backward.map((_, number) => rest[3 * number + 1]);
  gradientsSoFar = backward.map((_, number) => rest[3 * number + 2]);
  fault = findFault();
}

export const nameOf = (node) => nodes[node].name || showNumber(data[node]);

/* What the gradient of the operand was before a backward step; undefined where that is the first to arrive. */
export function before(number) {
  const { operand } = backward[number];
  return gradientsSoFar[backward.slice(0, number).findLastIndex((step) => step.operand === operand)];
}

/* The gradient that a backward step passes on: that of its operation, which is complete by then. */
export function upstream(number) {
  const { node } = backward[number];
  return gradientsSoFar[backward.slice(0, number).findLastIndex((step) => step.operand === node)] ?? 1;
}

const isWrong = (x) => !Number.isFinite(x);

/* The first node whose number is not finite; or else the first local derivative; or else the first gradient. */
function findFault() {
  const node = data.findIndex(isWrong);
  if (node >= 0) {
    const given = nodes[node].operands.map((operand) => `${nameOf(operand)} = ${showNumber(data[operand])}`);
    const where = node < firstOperation ? nameOf(node) : forward[node - firstOperation].code;
    return { node, text: `${where} is ${showNumber(data[node])}${given.length ? ` where ${given.join(", ")}` : ""}` };
  }
  const late = locals.findLastIndex(isWrong); // the first in the order of the forward pass
  if (late >= 0) {
    const step = backward[late];
    const by = `${nameOf(step.node)} by ${nameOf(step.operand)}`;
    return { node: step.node, text: `the derivative of ${by} is ${showNumber(locals[late])}` };
  }
  const step = gradientsSoFar.findIndex(isWrong);
  if (step < 0) return null;
  const { operand } = backward[step];
  return { node: operand, text: `the gradient of ${nameOf(operand)} is ${showNumber(gradientsSoFar[step])}` };
}
