/* The paths from a node to the output: the products along them sum to its gradient. */
import { element, made } from "./dom.js";
import { backward, edgesFrom, gradientsSoFar, locals, nameOf, nodes, root } from "./graph.js";
import { showNumber } from "./math.js";

const MOST_PATHS = 8; // that are listed
const ENDS = 3; // of a long path, what is shown of either end

/* What lies on a path: the nodes, and the uses of operands as "node slot". */
export function onPaths(node) {
  const on = new Set([node]);
  const uses = new Set();
  for (let place = node; place < root; place += 1) {
    if (!on.has(place)) continue;
    for (const number of edgesFrom[place]) {
      on.add(backward[number].node);
      uses.add(`${backward[number].node} ${backward[number].slot}`);
    }
  }
  return { on, uses };
}

function countPaths(node) {
  const count = nodes.map((_, place) => (place === root ? 1 : 0));
  for (let place = root - 1; place >= node; place -= 1) {
    count[place] = edgesFrom[place].reduce((sum, number) => sum + count[backward[number].node], 0);
  }
  return count[node];
}

/* The first few paths, each as the backward steps along it. */
function somePaths(node) {
  const found = [];
  const waiting = [{ at: node, steps: [] }];
  while (waiting.length && found.length < MOST_PATHS) {
    const { at, steps } = waiting.pop();
    if (at === root) found.push(steps);
    for (const number of edgesFrom[at].toReversed()) {
      waiting.push({ at: backward[number].node, steps: steps.concat(number) });
    }
  }
  return found;
}

function shortened(parts) {
  return parts.length > 2 * ENDS + 1 ? [...parts.slice(0, ENDS), "…", ...parts.slice(-ENDS)] : parts;
}

function pathRow(node, steps) {
  const product = steps.reduce((result, number) => result * locals[number], 1);
  const along = [nameOf(node), ...steps.map((number) => nameOf(backward[number].node))];
  const factors = steps.map((number) => showNumber(locals[number]));
  const shown = made("b", { textContent: showNumber(product), dataset: { product: String(product) } });
  return made(
    "li",
    {},
    made("span", { className: "along", textContent: shortened(along).join(" → ") }),
    made("span", { className: "product" }, steps.length > 1 ? `${shortened(factors).join(" × ")} = ` : "", shown),
  );
}

function explained(node) {
  const paragraph = (text, ...more) => made("p", { textContent: text }, ...more);
  if (nodes[node].kind === "constant") return [paragraph("A constant: no gradient is followed to it.")];
  if (node === root) return [paragraph("The output. Its derivative by itself is 1.")];
  const total = countPaths(node);
  if (total === 0) return [paragraph("No gradient flows from the output to here.")];
  const rows = somePaths(node).map((steps) => pathRow(node, steps));
  const gradient = gradientsSoFar[backward.findLastIndex(({ operand }) => operand === node)];
  const all = total.toLocaleString("en");
  const sum = total === 1 ? "The one path gives the gradient: " : `The sum over all ${all} paths is the gradient: `;
  const shown = made("b", { textContent: showNumber(gradient), dataset: { sum: String(gradient) } });
  const more = total > rows.length ? [paragraph(`and ${(total - rows.length).toLocaleString("en")} more paths`)] : [];
  return [made("ol", {}, ...rows), ...more, made("p", {}, sum, shown)];
}

/* Lists the paths of a node; null hides the list. */
export function renderPaths(node) {
  element("chosen").hidden = node === null;
  document.body.classList.toggle("with-paths", node !== null);
  if (node === null) return;
  element("chosen-heading").textContent = node === root ? nameOf(node) : `From ${nameOf(node)} to ${nameOf(root)}`;
  element("paths").replaceChildren(...explained(node));
}
