/* The sheet that is printed: the whole graph as it is now, and the equations of all steps. */
import { byId, html } from "./dom.js";
import { relationOfOperation } from "./equations.js";
import { backward, before, forward, inReadingOrder, isProduct, nodes, root, variables } from "./graph.js";
import { mathOf, partial } from "./mathml.js";
import { printOnPaper } from "./paper.js";
import { inLatex, relationOfContribution, relationOfSum } from "./relations.js";
import { isPredicting } from "./steps.js";
import { tr } from "./words.js";

const MOST_STEPS = 600; // on a sheet: about 25 pages

// The cells of a step, each as parts of an equation that may stand in lines of their own

/* Its formula, and the same with numbers. */
function forwardCells(step) {
  const { node, math, numbers } = step;
  return [[`${nodes[node].math} = ${math}`], [numbers, `${inLatex(relationOfOperation(step))} \\data{${node}}`]];
}

/* The chain rule, the contribution, and the sum so far. */
function backwardCells({ node, operand, slot, formula }, number) {
  if (slot === null) return [[`${partial(root, root)} = 1`], [], []];
  const rule = [`${partial(root, operand)} \\mathrel{+=} ${partial(root, node)}`, `\\cdot \\factor{${formula}}`];
  const contribution = `\\contribution{${number}}`;
  const factors = `\\signed{\\upstream{${number}}} \\cdot \\signed{\\local{${number}}}`;
  const terms = `\\before{${number}} + \\signed{${contribution}}`;
  const gradient = `\\gradient{${number}}`;
  return [
    rule,
    isProduct(number) ? [factors, `${inLatex(relationOfContribution(number))} ${contribution}`] : [contribution],
    before(number) === undefined ? [gradient] : [terms, `${inLatex(relationOfSum(number))} ${gradient}`],
  ];
}

/* A table of steps. While the reader predicts contributions, their numbers are left for a pen. */
function table(title, headings, rows, hasNumbers) {
  const cell = (parts, column) =>
    html("td", {}, html("div", { className: "sides" }, ...(hasNumbers || column === 0 ? parts.map(mathOf) : [])));
  return html(
    "table",
    {},
    html("caption", { textContent: title }),
    html("thead", {}, html("tr", {}, ...["", ...headings].map((textContent) => html("th", { textContent, scope: "col" })))),
    html(
      "tbody",
      {},
      ...rows.map((cells, number) => html("tr", {}, html("td", { textContent: String(number + 1) }), ...cells.map(cell))),
    ),
  );
}

function write() {
  const rows = [forward.slice(0, MOST_STEPS).map(forwardCells)];
  rows.push(backward.slice(0, MOST_STEPS - rows[0].length).map(backwardCells));
  const left = forward.length + backward.length - rows[0].length - rows[1].length;
  const listed = variables.toSorted((a, b) => inReadingOrder(a.node, b.node)).slice(0, MOST_STEPS);
  const leaves = listed.map(({ node }) => mathOf(`${nodes[node].math} = \\data{${node}}`));
  byId("sheet").replaceChildren(
    html("p", { className: "leaves" }, ...leaves),
    table(tr`Forward pass`, [tr`operation`, tr`with numbers`], rows[0], true),
    table(tr`Backward pass`, [tr`chain rule`, tr`contribution`, tr`sum`], rows[1], !isPredicting()),
    html("p", { textContent: left ? tr`and ${left.toLocaleString("en")} more steps` : "" }),
  );
}

/* Writes the sheet whenever the page is printed. */
export function printSheet(diagram) {
  window.addEventListener("beforeprint", write);
  window.addEventListener("afterprint", () => byId("sheet").replaceChildren());
  printOnPaper(diagram);
}
