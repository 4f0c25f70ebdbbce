/* The facts about a box of the diagram: for its tooltip, and in words for screen readers. */
import { contentsInWords } from "./contents.js";
import { data, graph, isBareNumber, nodes } from "./graph.js";
import { showExactly, showNumber } from "./numbers.js";
import { tr } from "./words.js";

const KIND_WORDS = { input: tr`input`, parameter: tr`parameter`, constant: tr`constant`, plain: tr`leaf` };

/* The facts, with all digits, each a pair of a name, which may be empty, and a text. `state` has what is known of the
   numbers of nodes: data(node) and gradient(node), undefined where they are not. */
export function factsOf(box, state) {
  if (box < 0) {
    const fold = graph.folds[-box - 1];
    const { title, module } = fold;
    return [["", title], ["", contentsInWords(fold).join(", ")], ["", module < 0 ? "" : tr`press to open`]].filter(([, fact]) => fact);
  }
  const { name, op, kind, scope, operands } = nodes[box];
  const [value, gradient] = [state.data(box), state.gradient(box)];
  const hidden = operands.filter((operand) => isBareNumber(nodes[operand]));
  return [
    ["", [scope, name].filter(Boolean).join(".")],
    ["", op || KIND_WORDS[kind]],
    ...hidden.map((operand) => [tr`constant`, showExactly(data[operand])]),
    [tr`value`, value === undefined ? "" : showExactly(value)],
    [tr`gradient`, gradient === undefined ? "" : showExactly(gradient)],
  ].filter(([, fact]) => fact);
}

/* The facts in words. */
export function describe(box, state) {
  const fold = box < 0 ? graph.folds[-box - 1] : null;
  const words = fold ? [fold.title, tr`folded`, ...contentsInWords(fold)] : kindInWords(nodes[box]);
  const shown = fold ? fold.output : box;
  if (shown === null) return words.join(", ");
  const [value, gradient] = [state.data(shown), state.gradient(shown)];
  words.push(value === undefined ? tr`not computed yet` : tr`value ${showNumber(value)}`);
  if (gradient !== undefined) words.push(tr`gradient ${showNumber(gradient)}`);
  return words.join(", ");
}

const kindInWords = ({ name, op, kind }) => [name, op || KIND_WORDS[kind]].filter(Boolean);
