/* The paths from a node to the output: the products of local derivatives along them add up to its gradient. */
import { byId, html } from "./dom.js";
import { backward, gradientsSoFar, locals, nameOf, nodes, root, stepsTo } from "./graph.js";
import { showNumber } from "./numbers.js";
import { relationOfProduct } from "./relations.js";
import { isToBePredicted } from "./steps.js";
import { tr } from "./words.js";

const MOST_PATHS = 8; // in the list
const ENDS = 3; // nodes that are shown at either end of a long path

/* The nodes on the paths from a node, and the uses of operands along them, each as "node slot". */
export function onPaths(node) {
  const on = new Set([node]);
  const uses = new Set();
  for (let at = node; at < root; at += 1) {
    if (!on.has(at)) continue;
    for (const number of stepsTo[at]) {
      on.add(backward[number].node);
      uses.add(`${backward[number].node} ${backward[number].slot}`);
    }
  }
  return { on, uses };
}

function countPaths(node) {
  const count = nodes.map((_, at) => (at === root ? 1 : 0));
  for (let at = root - 1; at >= node; at -= 1) {
    count[at] = stepsTo[at].reduce((sum, number) => sum + count[backward[number].node], 0);
  }
  return count[node];
}

/* A result in bold, with all its digits as data `name`; a question mark while the gradient of its node is to be predicted. */
function result(node, name, number) {
  if (isToBePredicted(node)) return html("b", { textContent: "?" });
  return html("b", { textContent: showNumber(number), dataset: { [name]: String(number) } });
}

/* The first few paths, each as the numbers of the backward steps along it. */
function somePaths(node) {
  const found = [];
  const waiting = [{ at: node, steps: [] }];
  while (waiting.length && found.length < MOST_PATHS) {
    const { at, steps } = waiting.pop();
    if (at === root) found.push(steps);
    for (const number of stepsTo[at].toReversed()) {
      waiting.push({ at: backward[number].node, steps: steps.concat(number) });
    }
  }
  return found;
}

function abridged(texts) {
  return texts.length > 2 * ENDS + 1 ? [...texts.slice(0, ENDS), "…", ...texts.slice(-ENDS)] : texts;
}

function pathRow(node, steps) {
  const product = steps.reduce((factors, number) => factors * locals[number], 1);
  const along = [nameOf(node), ...steps.map((number) => nameOf(backward[number].node))];
  const factors = steps.map((number) => showNumber(locals[number]));
  const sign = isToBePredicted(node) ? "=" : relationOfProduct(steps.map((number) => locals[number]), product);
  const shown = result(node, "product", product);
  return html(
    "li",
    {},
    html("span", { className: "along", textContent: abridged(along).join(" → ") }),
    html("span", { className: "product" }, steps.length > 1 ? `${abridged(factors).join(" × ")} ${sign} ` : "", shown),
  );
}

function pathsOf(node) {
  const paragraph = (...contents) => html("p", {}, ...contents);
  if (nodes[node].kind === "constant") return [paragraph(tr`A constant: this page does not show its gradient.`)];
  if (node === root) return [paragraph(tr`The output: its derivative with respect to itself is 1.`)];
  const total = countPaths(node);
  if (total === 0) {
    const isLeaf = !nodes[node].operands.length;
    return [
      paragraph(
        isLeaf
          ? tr`No gradient flows from the output to this node.`
          : tr`No gradient flows from the output through this node to a leaf.`,
      ),
    ];
  }
  const rows = somePaths(node).map((steps) => pathRow(node, steps));
  const gradient = gradientsSoFar[backward.findLastIndex(({ operand }) => operand === node)];
  const all = total.toLocaleString("en");
  const sum = total === 1 ? tr`The product along the only path is the gradient:` : tr`The sum over all ${all} paths is the gradient:`;
  const more = total > rows.length ? [paragraph(tr`and ${(total - rows.length).toLocaleString("en")} more paths`)] : [];
  return [paragraph(`${sum} `, result(node, "sum", gradient)), html("ol", {}, ...rows), ...more]; // what matters stands first
}

/* Lists the paths from a node; null hides the list. */
export function renderPaths(node) {
  byId("chosen").hidden = node === null;
  document.body.classList.toggle("with-paths", node !== null);
  if (node === null) return;
  byId("chosen-heading").textContent = node === root ? nameOf(node) : tr`From ${nameOf(node)} to ${nameOf(root)}`;
  byId("paths").replaceChildren(...pathsOf(node));
}
