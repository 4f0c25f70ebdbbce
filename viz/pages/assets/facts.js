/* The facts about a box of the diagram: for its tooltip, and in words for screen readers. */
import { data, graph, nodes } from "./graph.js";
import { showExactly, showNumber } from "./numbers.js";
import { gradientsNow, isKnown } from "./steps.js";

/* The facts, with all digits, each a pair of a name, which may be empty, and a text. */
export function factsOf(box) {
  if (box < 0) {
    const { title, contents, module } = graph.folds[-box - 1];
    return [["", title], ["", contents.join(", ")], ["", module < 0 ? "" : "press to open"]].filter(([, fact]) => fact);
  }
  const { name, op, kind, scope, operands } = nodes[box];
  const gradient = gradientsNow()[box];
  const hidden = operands.filter((operand) => nodes[operand].kind === "constant" && !nodes[operand].name);
  return [
    ["", [scope, name].filter(Boolean).join(".")],
    ["", op || kind],
    ...hidden.map((operand) => ["constant", showExactly(data[operand])]),
    ["value", isKnown(box) ? showExactly(data[box]) : ""],
    ["gradient", gradient === undefined ? "" : showExactly(gradient)],
  ].filter(([, fact]) => fact);
}

/* The facts in words; `gradient` is undefined before the first contribution to the node. */
export function describe(box, gradient) {
  if (box < 0) return `${graph.folds[-box - 1].title}, folded, ${graph.folds[-box - 1].contents.join(", ")}`;
  const { name, op, kind } = nodes[box];
  const words = [name, op || (kind === "plain" ? "leaf" : kind)];
  words.push(isKnown(box) ? `value ${showNumber(data[box])}` : "not computed yet");
  if (gradient !== undefined) words.push(`gradient ${showNumber(gradient)}`);
  return words.filter(Boolean).join(", ");
}
