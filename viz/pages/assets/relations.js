/* "=" or "≈" between numbers: "≈" where the rounded numbers that a text shows do not give the rounded result that it shows. */
import { before, contributions, gradientsSoFar, locals, upstream } from "./graph.js";
import { rounded } from "./numbers.js";

export function relation(fromShown, result) {
  const isSame = rounded(fromShown) === rounded(result) || Number.isNaN(result);
  return isSame ? "=" : "≈";
}

/* The product of some numbers. */
export const relationOfProduct = (factors, result) => relation(factors.map(rounded).reduce((a, b) => a * b, 1), result);

/* Of a backward step: upstream times local, and the gradient so far plus the contribution. */
export const relationOfContribution = (number) =>
  relationOfProduct([upstream(number), locals[number]], contributions[number]);

export const relationOfSum = (number) =>
  relation(rounded(before(number)) + rounded(contributions[number]), gradientsSoFar[number]);

/* A relation in LaTeX. */
export const inLatex = (sign) => (sign === "≈" ? "\\approx" : sign);
