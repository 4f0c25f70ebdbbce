/* The facts about a box of the diagram: for its tooltip, and in words for screen readers. */
import { data, graph, isBareNumber, nodes } from "./graph.js";
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
  const hidden = operands.filter((operand) => isBareNumber(nodes[operand]));
  return [
    ["", [scope, name].filter(Boolean).join(".")],
    ["", op || kind],
    ...hidden.map((operand) => ["constant", showExactly(data[operand])]),
    ["value", isKnown(box) ? showExactly(data[box]) : ""],
    ["gradient", gradient === undefined ? "" : showExactly(gradient)],
  ].filter(([, fact]) => fact);
}

/* The facts in words; `gradient` is that of the node whose numbers the box shows, undefined before the first contribution
   to it. */
export function describe(box, gradient) {
  const fold = box < 0 ? graph.folds[-box - 1] : null;
  const words = fold ? [fold.title, "folded", ...fold.contents] : wordsOf(nodes[box]);
  const shown = fold ? fold.output : box;
  if (shown === null) return words.join(", ");
  words.push(isKnown(shown) ? `value ${showNumber(data[shown])}` : "not computed yet");
  if (gradient !== undefined) words.push(`gradient ${showNumber(gradient)}`);
  return words.join(", ");
}

const wordsOf = ({ name, op, kind }) => [name, op || (kind === "plain" ? "leaf" : kind)].filter(Boolean);
