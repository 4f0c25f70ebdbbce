/* Numbers in the sentences of the live page: in the form of its formulas. */
import { piecesOf, showNumber, superscript } from "./numbers.js";

/* A whole number, as "12,000". */
export const counted = (n) => n.toLocaleString("en");

/* A number with four significant digits, as "3.506·10⁻⁶". */
export function written(x) {
  const { negative, digits, power } = piecesOf(x);
  if (power === null) return showNumber(x);
  return `${negative ? "−" : ""}${digits}·10${superscript(power)}`;
}
