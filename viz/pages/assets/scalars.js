/* What a block of the page of matrices opens into: the scalars of one neuron, or other operations line by line. */
import { byId, html, setText } from "./dom.js";
import { countOf } from "./contents.js";
import { arrays, blocks, numbersOfNeuron } from "./matrix_graph.js";
import { MatrixBlock } from "./matrix_block.js";
import { showExactly, showNumber, typeset } from "./numbers.js";
import { tr } from "./words.js";

const MOST_INPUTS = 500; // of a neuron that are listed

function numberCell(x, isKnown, isGradient) {
  const text = showNumber(x);
  const cell = html("td", { className: isGradient ? "number of-gradient" : "number", textContent: isKnown ? text : "…" });
  cell.style.setProperty("--longest", text.length); // as wide before it is known as after
  if (!isKnown) return cell;
  cell.title = showExactly(x);
  cell.dataset.value = String(x);
  return cell;
}

function tableOf(caption, heads, rows) {
  const head = html("tr", {}, ...heads.map((text) => html("th", { scope: "col", textContent: text })));
  const body = rows.map(([name, ...cells]) => html("tr", {}, html("th", { scope: "row", textContent: name }), ...cells));
  return html("table", {}, html("caption", { textContent: caption }), html("thead", {}, head), html("tbody", {}, ...body));
}

/* The tables of a neuron: one line for each product, and one for each number that follows from their sum. */
function tablesOfNeuron(block, row, number, position) {
  const { isComputed, isPassed } = MatrixBlock.stateAt(number, position);
  const found = numbersOfNeuron(block, row);
  const { parts, adds } = block;
  const [x, w] = [arrays[parts.inputs].name, arrays[parts.weight].name];
  const [z, a] = [arrays[parts.total ?? parts.output].name, arrays[parts.output].name];
  const listed = Math.min(found.inputs.length, MOST_INPUTS);
  const products = Array.from({ length: listed }, (_, at) => [
    String(at + 1),
    numberCell(found.weights[at], true),
    numberCell(found.inputs[at], position >= arrays[parts.inputs].known),
    numberCell(found.products[at], isComputed),
    numberCell(found.ofWeights[at], isPassed, true),
    numberCell(found.toInputs[at], isPassed, true),
  ]);
  const sum = found.bias === undefined ? tr`${z}, the sum of the products` : tr`${z}, the sum of the products plus the bias ${showNumber(found.bias)}`;
  const results = [
    [sum, numberCell(found.total, isComputed), numberCell(found.delta, isPassed, true)],
    ...(parts.total === undefined ? [] : [[a, numberCell(found.output, isComputed), numberCell(found.upstream, position >= arrays[parts.output].complete, true)]]),
  ];
  const rest = found.inputs.length - listed;
  const all = countOf(found.inputs.length, "input");
  return [
    tableOf(tr`Output`, [tr`result`, tr`value`, tr`gradient`], results),
    tableOf(
      rest ? tr`The first ${listed} of ${all}; the other ${rest.toLocaleString("en")} are too many to list` : all,
      [tr`input`, w, x, `${w} · ${x}`, adds.includes("weight") ? tr`part of grad ${w}` : `grad ${w}`, tr`part of grad ${x}`],
      products,
    ),
  ];
}

function tablesOfOthers({ lines, complete, values, gradients, count }, number, position) {
  if (!lines.length) return [html("p", { textContent: tr`${countOf(count, "operation")} are too many to list one by one.` })];
  const isComputed = position > number;
  const rows = lines.map((line, at) => [
    typeset(line),
    numberCell(values[at], isComputed || !line.includes("=")),
    numberCell(gradients[at], position >= complete[at], true),
  ]);
  return [tableOf(countOf(count, "operation"), [tr`operation`, tr`value`, tr`gradient`], rows)];
}

/* Shows what is open: { block, row }, the index of a block, and that of a neuron of a layer; null for nothing. */
export function renderScalars(opened, position) {
  byId("opened").hidden = !opened;
  if (!opened) return;
  const block = blocks[opened.block];
  const isLayer = Boolean(block.parts);
  setText(byId("opened-heading"), block.title);
  byId("row").hidden = !isLayer;
  if (isLayer) {
    const { rows } = arrays[block.parts.output];
    byId("neuron").max = String(rows);
    if (document.activeElement !== byId("neuron")) byId("neuron").value = String(opened.row + 1);
    setText(byId("rows"), tr`of ${rows.toLocaleString("en")}`);
  }
  const tables = isLayer
    ? tablesOfNeuron(block, opened.row, opened.block, position)
    : tablesOfOthers(block, opened.block, position);
  byId("scalars").replaceChildren(...tables);
}
