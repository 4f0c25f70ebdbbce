/* The graph that the page shows, and all its numbers, computed from those of its leaves. */
import { byId } from "./dom.js";
import { showNumber, typeset } from "./numbers.js";
import { tr } from "./words.js";

export const graph = JSON.parse(byId("data").textContent);
export const { nodes, variables, forward, backward } = graph;
export const root = nodes.length - 1;
export const firstOperation = nodes.length - forward.length;

/* For each node, the numbers of the backward steps that contribute to its gradient. */
export const stepsTo = nodes.map(() => []);
backward.forEach((step, number) => {
  if (step.slot !== null) stepsTo[step.operand].push(number);
});

const KINDS = ["input", "plain", "parameter"];

/* The number of operations on the longest way from each node to the output. */
const distances = nodes.map(() => 0);
for (let node = nodes.length - 1; node >= 0; node -= 1) {
  for (const operand of nodes[node].operands) distances[operand] = Math.max(distances[operand], distances[node] + 1);
}

/* The order in which leaves are listed, for sorting their nodes: as a formula is read, by module. */
export const inReadingOrder = (a, b) =>
  KINDS.indexOf(nodes[a].kind) - KINDS.indexOf(nodes[b].kind) ||
  nodes[a].scope.localeCompare(nodes[b].scope, "en", { numeric: true }) ||
  distances[b] - distances[a];

export const leaves = variables.map(({ start }) => Number(start)); // the current numbers of the variables
export let data = []; // of every node
export let locals = []; // of every backward step: the local derivative, the contribution and the gradient so far
export let contributions = [];
export let gradientsSoFar = [];
export let fault = null; // the first number that is not finite

export function compute() {
  const [values, rest] = program(...leaves);
  data = values;
  locals = backward.map((_, number) => rest[3 * number]);
  contributions = backward.map((_, number) => rest[3 * number + 1]);
  gradientsSoFar = backward.map((_, number) => rest[3 * number + 2]);
  fault = findFault();
}

export const nameOf = (node) => nodes[node].name || showNumber(data[node]);

/* The gradient of the operand before a backward step; undefined before the first contribution to it. */
export function before(number) {
  const { operand } = backward[number];
  return gradientsSoFar[backward.slice(0, number).findLastIndex((step) => step.operand === operand)];
}

/* Whether a backward step has the only contribution to the gradient of its operand. */
export const isOnly = (number) => backward.filter(({ operand }) => operand === backward[number].operand).length === 1;

/* The gradient that a backward step passes on: that of its operation, which is complete by then. */
export function upstream(number) {
  const { node } = backward[number];
  return gradientsSoFar[backward.slice(0, number).findLastIndex((step) => step.operand === node)] ?? 1;
}

/* Whether a contribution is upstream times local; behind a branch not taken, it is 0 whatever the local derivative is. */
export function isProduct(number) {
  return Number.isNaN(contributions[number]) || !Number.isNaN(upstream(number) * locals[number]);
}

/* Whether a node is a constant without a name: it has no box, but is shown where it is used. */
export const isBareNumber = ({ kind, name }) => kind === "constant" && !name;

const isNotFinite = (x) => !Number.isFinite(x);

/* The first node whose value is not finite; if there is none, the first local derivative, then the first gradient. */
function findFault() {
  const node = data.findIndex(isNotFinite);
  if (node >= 0) {
    const given = nodes[node].operands.map((operand) => `${nameOf(operand)} = ${showNumber(data[operand])}`);
    const what = node < firstOperation ? nameOf(node) : typeset(forward[node - firstOperation].code);
    const number = showNumber(data[node]);
    return { node, text: given.length ? tr`${what} is ${number} where ${given.join(", ")}` : tr`${what} is ${number}` };
  }
  const late = locals.findLastIndex(isNotFinite); // the first in the order of the forward pass
  if (late >= 0) {
    const step = backward[late];
    const what = tr`the derivative of ${nameOf(step.node)} with respect to ${nameOf(step.operand)}`;
    return { node: step.node, text: tr`${what} is ${showNumber(locals[late])}` };
  }
  const step = gradientsSoFar.findIndex(isNotFinite);
  if (step < 0) return null;
  const { operand } = backward[step];
  return { node: operand, text: tr`the gradient of ${nameOf(operand)} is ${showNumber(gradientsSoFar[step])}` };
}
