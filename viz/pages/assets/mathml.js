/* Formulas of the graph as MathML, with the numbers that they refer to. */
import { backward, before, contributions, data, forward, gradientsSoFar, isOnly, locals, nodes, root, upstream } from "./graph.js";
import { drawMath, parseMath } from "./math.js";

/* The numbers that formulas refer to: of a node, or of a backward step. */
export const LIVE = {
  data: (node) => data[node],
  upstream,
  local: (number) => locals[number],
  contribution: (number) => contributions[number],
  before,
  gradient: (number) => gradientsSoFar[number],
};

export const partial = (of, by) => `\\frac{\\partial ${nodes[of].math}}{\\partial ${nodes[by].math}}`;

/* The symbol of the local derivative of a backward step, or "" if there is none that stands for this number alone: of
   x · x, each factor has the local derivative x, but ∂(x · x)/∂x is 2x. An operand of the output that has other uses,
   too, has a gradient with such a symbol; the operation then stands in place of its name. */
export function localPartial(number) {
  const { node, operand } = backward[number];
  if (nodes[node].operands.filter((each) => each === operand).length > 1) return "";
  if (node !== root || isOnly(number)) return partial(node, operand);
  return `\\frac{\\partial (${forward.find((step) => step.node === root).math})}{\\partial ${nodes[operand].math}}`;
}

export function mathOf(latex) {
  const math = document.createElementNS("http://www.w3.org/1998/Math/MathML", "math");
  math.append(drawMath(parseMath(latex, LIVE)));
  return math;
}
