/* The view of the math: the current step with its numbers, and the list of all steps. */
import { slotsOf } from "./curve.js";
import { byId, html, scrollToLine, setClass, setText } from "./dom.js";
import { backward, before, contributions, data, forward, inReadingOrder, isOnly, isProduct } from "./graph.js";
import { nodes, root, variables } from "./graph.js";
import { alignedLatex, standardLatex } from "./latex.js";
import { LIVE, localPartial, mathOf, partial } from "./mathml.js";
import { rounded, showNumber } from "./numbers.js";
import { inLatex, relation, relationOfContribution, relationOfSum } from "./relations.js";
import { backwardNumber, forwardStep, isBackward, isConcealed, lastPosition, position } from "./steps.js";
import { tr } from "./words.js";

const CHUNK = 30; // steps that are added to and removed from the list together
const MOST_LEAVES = 6; // shown before the first step

/* The relation between an operation on the numbers that are shown and its result; "=" if the page cannot compute it. */
export function relationOfOperation({ node, curve }) {
  const slots = slotsOf(node);
  if (!slots.length) return "=";
  const [result] = curves[curve](...slots.map((slot) => rounded(data[nodes[node].operands[slot]])));
  return relation(result, data[node]);
}

/* The lines that explain the current step, each with a heading and the two sides of a formula, or a number alone. */
function explanation() {
  const step = forwardStep();
  if (step) {
    const name = nodes[step.node].math;
    return [
      [tr`operation`, name, step.math],
      [tr`with numbers`, name, `${step.numbers} ${inLatex(relationOfOperation(step))} \\data{${step.node}}`],
    ];
  }
  if (isBackward()) return chainRule(backwardNumber());
  const inOrder = variables.toSorted((a, b) => inReadingOrder(a.node, b.node));
  return inOrder.slice(0, MOST_LEAVES).map(({ node }) => ["", nodes[node].math, `\\data{${node}}`]);
}

function chainRule(number) {
  const { node, operand, slot, formula, constant } = backward[number];
  if (slot === null) return [[tr`start`, partial(root, root), "1"]];
  const sign = (relationOf) => (isConcealed() ? "=" : inLatex(relationOf(number)));
  const factors = isProduct(number)
    ? `\\signed{\\upstream{${number}}} \\cdot \\signed{\\local{${number}}} ${sign(relationOfContribution)} `
    : "";
  const isFirst = before(number) === undefined;
  const contribution = isConcealed() ? "?" : `\\contribution{${number}}`;
  const gradient = isConcealed() ? "?" : `\\gradient{${number}}`;
  const sum = isFirst ? "" : `\\before{${number}} + ${isConcealed() ? "?" : `\\signed{${contribution}}`} ${sign(relationOfSum)} `;
  const symbol = localPartial(number);
  const sides = [symbol, constant ? "" : formula, `\\local{${number}}`].filter(Boolean);
  const local = [tr`local derivative`, sides[0], sides.slice(1).join(" = ")];
  const product = `${partial(root, node)} \\cdot ${symbol || `\\factor{${formula}}`}`;
  if (isOnly(number)) {
    return [local, [tr`upstream × local`, `${partial(root, operand)} = ${product}`, `${factors}${contribution}`]];
  }
  return [
    local,
    [tr`upstream × local`, product, `${factors}${contribution}`],
    [isFirst ? tr`first contribution` : tr`added up`, partial(root, operand), `${sum}${gradient}`],
  ];
}

/* An entry of the list of all steps: its formula in symbols, and a function that returns its result. */
function listed(at) {
  if (at <= forward.length) {
    const { node, math } = forward[at - 1];
    return { latex: `${nodes[node].math} = ${math}`, result: () => data[node] };
  }
  const number = at - forward.length - 1;
  const { node, operand, slot, formula } = backward[number];
  if (slot === null) return { latex: `${partial(root, root)} = 1`, result: () => undefined };
  return {
    latex: `${partial(root, operand)} \\mathrel{+=} ${partial(root, node)} \\cdot \\factor{${formula}}`,
    result: () => contributions[number],
  };
}

/* The formulas of the current step, with their numbers, as LaTeX. */
export function latexOfStep() {
  return alignedLatex(explanation().map(([, left, right]) => standardLatex(right ? `${left} = ${right}` : left, LIVE)));
}

const lines = new Map(); // by position, created when they are first needed
let shownChunk = null;

function lineOf(at, go) {
  if (!lines.has(at)) {
    const { latex, result } = listed(at);
    const number = html("span", { className: "number" });
    const pass = at > forward.length ? "backward" : "forward";
    const item = html("li", { className: pass }, mathOf(latex), number);
    item.addEventListener("click", () => go(at));
    lines.set(at, { item, number, result });
  }
  return lines.get(at);
}

function renderList(go) {
  const chunk = Math.floor(position / CHUNK);
  const from = Math.max(1, (chunk - 1) * CHUNK);
  const to = Math.min(lastPosition, (chunk + 2) * CHUNK);
  const list = byId("equations");
  const range = Array.from({ length: Math.max(0, to - from + 1) }, (_, n) => from + n);
  if (chunk !== shownChunk) list.replaceChildren(...range.map((at) => lineOf(at, go).item));
  shownChunk = chunk;
  for (const at of range) {
    const { item, number, result } = lineOf(at, go);
    setClass(item, "pending", at > position);
    if (at === position) item.setAttribute("aria-current", "step");
    else item.removeAttribute("aria-current");
    const x = at < position || (at === position && !isConcealed()) ? result() : undefined;
    setText(number, x === undefined ? "" : `= ${showNumber(x)}`);
  }
  if (position > 0) scrollToLine(list, lineOf(position, go).item);
  else list.scrollTop = 0;
}

/* Shows the current step. Clicking a line in the list calls `go` with its position. */
export function renderMath(go) {
  const rows = explanation().map(([heading, left, right]) => {
    const formulas = right ? [mathOf(left), mathOf(`= ${right}`)] : [mathOf(left)]; // one below the other if long
    const sides = html("span", { className: "sides" }, ...formulas);
    return html("div", {}, html("span", { className: "label", textContent: heading }), sides);
  });
  byId("equation").replaceChildren(...rows);
  renderList(go);
}
