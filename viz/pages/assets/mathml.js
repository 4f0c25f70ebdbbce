/* Formulas of the graph as MathML, with the numbers that they refer to. */
import { before, contributions, data, gradientsSoFar, locals, nodes, upstream } from "./graph.js";
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

export function mathOf(latex) {
  const math = document.createElementNS("http://www.w3.org/1998/Math/MathML", "math");
  math.append(drawMath(parseMath(latex, LIVE)));
  return math;
}
