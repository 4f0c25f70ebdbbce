/* The page of matrices: steps through a graph at the grain of layers, forward and backward. */
import { byId, html, setClass, setText } from "./dom.js";
import { countOf } from "./contents.js";
import { Link } from "./link.js";
import { isWholeUpTo, presentPart } from "./link_parts.js";
import { mathOf, MatrixBlock } from "./matrix_block.js";
import { arrays, blocks, lastPosition, stepAt } from "./matrix_graph.js";
import { showExactly, showNumber } from "./numbers.js";
import { Player } from "./player.js";
import { Presentation } from "./presentation.js";
import { renderScalars } from "./scalars.js";
import { onColours } from "./shading.js";
import { hideTooltip, showTooltip } from "./tooltip.js";
import { tr } from "./words.js";

let opened = null; // what is open: the index of a block and that of a row
let notice = ""; // about what the reader did last, other than stepping

const views = blocks.map(
  (block, number) => new MatrixBlock(block, number, { open: (row) => press(number, row), point }),
);

/* Opens a block at a row, or closes it. */
function press(number, row) {
  const isSame = opened?.block === number && opened.row === row;
  open(isSame ? null : { block: number, row });
}

function open(to) {
  opened = to;
  render();
  if (opened) byId("opened").scrollIntoView({ block: "nearest" });
}

function close() {
  const { title } = views[opened.block];
  open(null);
  title.focus();
}

/* The facts about a cell of a grid, next to it and in words. */
function point(cell, grid, array) {
  if (!cell) {
    hideTooltip();
    return;
  }
  const [row, column] = cell;
  const at = row * array.columns + column;
  const place = array.columns === 1 ? `${array.name}, ${row + 1}` : tr`${array.name}, row ${row + 1}, column ${column + 1}`;
  const isKnown = player.position >= array.known;
  const isComplete = player.position >= array.complete;
  const facts = [
    ["", place],
    [tr`value`, isKnown ? showExactly(array.values[at]) : tr`not computed yet`],
    [tr`gradient`, isComplete ? showExactly(array.gradients[at]) : tr`not computed yet`],
  ];
  showTooltip(() => facts, grid.cursor);
  if (document.activeElement === grid.element) setText(byId("cell"), facts.map((fact) => fact.join(" ").trim()).join(", "));
}

const nameOf = (at) => arrays[at].name;

/* What a step does, in words. */
function sentence(step) {
  if (!step) return tr`Press ▶ or → to compute one layer at a time; press a layer for the scalars of its neurons.`;
  const { title, parts, result, count } = blocks[step.block];
  if (!parts) {
    const operations = countOf(count, "operation");
    if (step.isBackward) return tr`Backward through ${title}: ${operations}.`;
    if (!result) return tr`Forward through ${title}: ${operations}.`;
    return tr`Forward through ${title}: ${operations}; the result is ${showNumber(result.values[0])}.`;
  }
  const { rows, columns } = arrays[parts.weight];
  const [input, output, weight] = [parts.inputs, parts.output, parts.weight].map(nameOf);
  if (!step.isBackward) return tr`Forward through ${title}: ${output} from ${input}, with ${rows} × ${columns} weights.`;
  const trained = parts.bias === undefined ? weight : `${weight}, ${nameOf(parts.bias)}`;
  return tr`Backward through ${title}: the gradients of ${trained} and ${input}.`;
}

function phase() {
  const { position } = player;
  const count = blocks.length;
  if (position === 0) return tr`Start · ${count} forward, ${count} backward`;
  return position > count ? tr`Backward · step ${position - count} of ${count}` : tr`Forward · step ${position} of ${count}`;
}

function renderMath(step) {
  const block = step && blocks[step.block];
  const formulas = (step?.isBackward ? block?.backward : block?.forward) ?? [];
  const lines = formulas.map(([left, right]) => html("div", { className: "sides" }, mathOf(left), mathOf(right)));
  byId("equation").replaceChildren(...(lines.length ? lines : [html("p", { textContent: wordsInsteadOfMath(step) })]));
}

/* What stands in place of the formulas of a step that has none; while the page is presented, the sentence above is not shown. */
function wordsInsteadOfMath(step) {
  if (presentation.isOn) return sentence(step);
  if (!step) return tr`The formulas of each step appear here.`;
  return tr`Press “${blocks[step.block].title}” to read what it computes, line by line.`;
}

function render() {
  const step = stepAt(player.position);
  player.render(phase());
  document.body.classList.toggle("in-backward", Boolean(step?.isBackward));
  setClass(document.body, "with-notice", notice !== "");
  setText(byId("sentence"), [notice, sentence(step)].filter(Boolean).join(" "));
  for (const view of views) view.render(player.position, step, opened?.block === view.number);
  renderMath(step);
  renderScalars(opened, player.position);
  link.update();
}

/* Scrolls to a block: to all of it if there is room, else to where it begins. */
function makeVisible(element) {
  const fits = element.offsetHeight <= byId("flow").clientHeight;
  element.scrollIntoView({ block: fits ? "nearest" : "start", inline: "nearest" });
}

/* Shows the block of the current step. */
function showCurrent() {
  const step = stepAt(player.position);
  if (step) makeVisible(views[step.block].element);
}

const presentation = new Presentation({
  panels: { layers: "l", math: "m" },
  standard: ["layers", "math"],
  changed() {
    render();
    showCurrent();
  },
});

/* Leaves what is open, one thing at a time. */
function leave() {
  if (opened) close();
  else if (presentation.isOn) presentation.toggle();
}

const player = new Player({
  last: lastPosition,
  show() {
    notice = "";
    hideTooltip();
    render();
    showCurrent();
  },
  keys: { ...presentation.keys, Escape: leave },
});

function restoreOpened(text) {
  if (text === null) {
    open(null);
    return true;
  }
  const [block, row, ...more] = text.split(".");
  if (more.length || row === undefined || !isWholeUpTo(block, blocks.length - 1)) return false;
  if (!isWholeUpTo(row, Math.max(0, views[block].rows - 1))) return false;
  open({ block: Number(block), row: Number(row) });
  return true;
}

const link = new Link(
  {
    step: {
      get: () => (player.position ? String(player.position) : null),
      set: (text) => (text === null || isWholeUpTo(text, lastPosition)) && player.go(Number(text)),
      expected: tr`an integer from 0 to ${lastPosition}`,
    },
    open: {
      get: () => (opened ? `${opened.block}.${opened.row}` : null),
      set: restoreOpened,
      expected: tr`such as 0.2, a block and a row of it, counted from 0`,
    },
    present: presentPart(presentation),
  },
  (words) => {
    notice = words;
    render();
  },
);

byId("phase").after(byId("tools"));
byId("flow").append(...views.map(({ element }) => element));
byId("close").addEventListener("click", close);
byId("neuron").addEventListener("input", ({ target }) => {
  const isValid = target.validity.valid && target.value !== "";
  target.setAttribute("aria-invalid", String(!isValid));
  if (isValid) open({ block: opened.block, row: target.valueAsNumber - 1 });
});
onColours(() => views.forEach(({ grids }) => grids.forEach(({ grid }) => grid.paint())));
render();
if (location.hash) link.restore();
