/* The sheet that is printed: the whole graph as it is now, and the equations of all steps. */
import { byId, html } from "./dom.js";
import { mathOf, partial } from "./equations.js";
import { backward, before, forward, isProduct, nodes, root, variables } from "./graph.js";
import { isPredicting } from "./steps.js";

const MOST_STEPS = 600; // on a sheet: about 25 pages
const EDGE = 4; // units around the picture

/* The cells of a forward step: its formula, and the same with numbers. */
function forwardCells({ node, math, numbers }) {
  return [`${nodes[node].math} = ${math}`, `${numbers} = \\data{${node}}`];
}

/* The cells of a backward step: the chain rule, the contribution, and the sum so far. */
function backwardCells({ node, operand, slot, formula }, number) {
  if (slot === null) return [`${partial(root, root)} = 1`, "", ""];
  const rule = `${partial(root, operand)} \\mathrel{+=} ${partial(root, node)} \\cdot \\factor{${formula}}`;
  const factors = isProduct(number) ? `\\signed{\\upstream{${number}}} \\cdot \\signed{\\local{${number}}} = ` : "";
  const sum = before(number) === undefined ? "" : `\\before{${number}} + \\signed{\\contribution{${number}}} = `;
  return [rule, `${factors}\\contribution{${number}}`, `${sum}\\gradient{${number}}`];
}

/* A table of steps. While the reader predicts contributions, their numbers are left for a pen. */
function table(title, headings, rows, hasNumbers) {
  const cell = (latex, column) => html("td", {}, ...(latex && (hasNumbers || column === 0) ? [mathOf(latex)] : []));
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
  const leaves = variables.slice(0, MOST_STEPS).map(({ node }) => mathOf(`${nodes[node].math} = \\data{${node}}`));
  byId("sheet").replaceChildren(
    html("p", { className: "leaves" }, ...leaves),
    table("Forward pass", ["operation", "with numbers"], rows[0], true),
    table("Backward pass", ["chain rule", "contribution", "sum"], rows[1], !isPredicting()),
    html("p", { textContent: left ? `and ${left.toLocaleString("en")} more steps` : "" }),
  );
}

/* Writes the sheet whenever the page is printed. */
export function printSheet(diagram) {
  const picture = diagram.scene.ownerSVGElement;
  window.addEventListener("beforeprint", () => {
    write();
    const [width, height] = diagram.layout.size.map((length) => length + 2 * EDGE);
    picture.setAttribute("viewBox", `${-EDGE} ${-EDGE} ${width} ${height}`);
    picture.style.maxWidth = `${width}pt`; // a small graph is not blown up
    diagram.scene.style.transform = "none";
  });
  window.addEventListener("afterprint", () => {
    byId("sheet").replaceChildren();
    picture.removeAttribute("viewBox");
    picture.style.maxWidth = "";
    diagram.camera.apply();
  });
}
