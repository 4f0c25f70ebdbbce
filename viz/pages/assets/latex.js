/* The math of the page as LaTeX that other programs understand. */
import { piecesOf } from "./numbers.js";

/* A number, written as the page shows it. */
function latexOfNumber(x) {
  const { negative, digits, power } = piecesOf(x);
  if (Number.isNaN(x)) return "\\mathrm{nan}";
  const sign = negative ? "-" : "";
  if (digits === "inf") return `${sign}\\infty`;
  return power === null ? sign + digits : `${sign}${digits} \\cdot 10^{${power}}`;
}

/* The index of the brace that closes the one at an index. */
function closing(latex, open) {
  let depth = 0;
  for (let at = open; at < latex.length; at += 1) {
    if (latex[at] === "\\") at += 1;
    else if (latex[at] === "{") depth += 1;
    else if (latex[at] === "}") {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  throw new SyntaxError(`a brace is not closed in ${latex}`);
}

/* Whether a formula is a sum outside all brackets. */
function isSumInLatex(latex) {
  let depth = 0;
  for (const [token] of latex.matchAll(/\\left|\\right|\\.|[{}+-]/gs)) {
    if (token === "{" || token === "\\left") depth += 1;
    else if (token === "}" || token === "\\right") depth -= 1;
    else if (depth === 0 && (token === "+" || token === "-")) return true;
  }
  return false;
}

/* Writes out the commands that only this page knows; `numbers` is as in `parseMath`. */
export function standardLatex(latex, numbers) {
  const names = Object.keys(numbers).join("|");
  const number = new RegExp(`\\\\(${names})\\{([0-9]+)\\}`, "g");
  return withBrackets(latex.replace(number, (_, name, index) => latexOfNumber(numbers[name](Number(index)))));
}

function withBrackets(latex) {
  const found = /\\(signed|factor)\{/.exec(latex);
  if (!found) return latex;
  const open = found.index + found[0].length - 1;
  const close = closing(latex, open);
  const inside = withBrackets(latex.slice(open + 1, close));
  const isPlainNumber = /^[0-9.]+$/.test(inside);
  const needsBrackets = found[1] === "signed" ? !isPlainNumber : isSumInLatex(inside);
  const shown = needsBrackets ? `\\left(${inside}\\right)` : inside;
  return latex.slice(0, found.index) + shown + withBrackets(latex.slice(close + 1));
}

/* Equations below each other, their equals signs aligned. */
export function alignedLatex(equations) {
  const lines = equations.map((latex) => `  ${latex.replace(" = ", " &= ")}`);
  return `\\begin{aligned}\n${lines.join(" \\\\\n")}\n\\end{aligned}`;
}
