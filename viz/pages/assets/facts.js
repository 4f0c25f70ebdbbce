/* The facts about a box of the diagram: for its tooltip, and in words for screen readers. */
import { data, graph, isBareNumber, nodes } from "./graph.js";
import { showExactly, showNumber } from "./numbers.js";

/* The facts, with all digits, each a pair of a name, which may be empty, and a text. `state` has what is known of the
   numbers of nodes: data(node) and gradient(node), undefined where they are not. */
export function factsOf(box, state) {
  if (box < 0) {
    const { title, contents, module } = graph.folds[-box - 1];
    return [["", title], ["", contents.join(", ")], ["", module < 0 ? "" : "press to open"]].filter(([, fact]) => fact);
  }
  const { name, op, kind, scope, operands } = nodes[box];
  const [value, gradient] = [state.data(box), state.gradient(box)];
  const hidden = operands.filter((operand) => isBareNumber(nodes[operand]));
  return [
    ["", [scope, name].filter(Boolean).join(".")],
    ["", op || kind],
    ...hidden.map((operand) => ["constant", showExactly(data[operand])]),
    ["value", value === undefined ? "" : showExactly(value)],
    ["gradient", gradient === undefined ? "" : showExactly(gradient)],
  ].filter(([, fact]) => fact);
}

/* The facts in words. */
export function describe(box, state) {
  const fold = box < 0 ? graph.folds[-box - 1] : null;
  const words = fold ? [fold.title, "folded", ...fold.contents] : kindInWords(nodes[box]);
  const shown = fold ? fold.output : box;
  if (shown === null) return words.join(", ");
  const [value, gradient] = [state.data(shown), state.gradient(shown)];
  words.push(value === undefined ? "not computed yet" : `value ${showNumber(value)}`);
  if (gradient !== undefined) words.push(`gradient ${showNumber(gradient)}`);
  return words.join(", ");
}

const kindInWords = ({ name, op, kind }) => [name, op || (kind === "plain" ? "leaf" : kind)].filter(Boolean);
