/* The explorer: shows one position in the two passes in the diagram, the math and the code at once. */
import { Diagram, UNMARKED } from "./diagram.js";
import { drawCurves } from "./curve_picture.js";
import { Course } from "./course.js";
import { Division } from "./division.js";
import { byId, html, setText } from "./dom.js";
import { renderMath } from "./equations.js";
import { Folding } from "./folding.js";
import { backward, compute, data, fault, forward, graph, isBareNumber, locals, nodes } from "./graph.js";
import { Formula } from "./formula.js";
import { flowNow, renderGradientLegend } from "./gradient.js";
import { Guess } from "./guess.js";
import { Link } from "./link.js";
import { isWholeUpTo, partsOfView } from "./link_parts.js";
import { renderCode } from "./listing.js";
import { addMenu } from "./menu.js";
import { Motion } from "./motion.js";
import { showNumber } from "./numbers.js";
import { isPrinting } from "./paper.js";
import { onPaths, renderPaths } from "./paths.js";
import { Player } from "./player.js";
import { Presentation } from "./presentation.js";
import { printSheet } from "./sheet.js";
import { buildSliders, changedLeaves, restoreLeaves, updateSliders } from "./sliders.js";
import { backwardNumber, forwardStep, gradientsNow, isBackward, isConcealed, isKnown, isPredicting } from "./steps.js";
import { lastPosition, moveTo, phase, position, sentence } from "./steps.js";
import { hideTooltip, refreshTooltip } from "./tooltip.js";
import { tell } from "./tell.js";
import { Tour } from "./tour.js";
import { tr } from "./words.js";

const STOPS = [
  ["controls", tr`Step by step`, tr`Press → or ▶: the forward pass computes one value at a time, then the backward pass one contribution to a gradient at a time. Drag the scrubber to any step.`],
  ["graph", tr`The graph`, tr`Each box shows a value and, in the backward pass, its gradient. Point at an operation to see its curve, press it for the paths of its gradient, press the title of a frame to fold it.`],
  ["math", tr`The math`, tr`The chain rule of the current step with its numbers: local derivative, upstream × local, and the sum so far. Press a line to go to its step.`],
  ["leaves", tr`Inputs and parameters`, tr`Drag a slider or type a number: the page computes all values and gradients again.`],
  ["tools", tr`More`, tr`Predict hides each contribution until you have guessed it. Present shows the graph and the equation in large type. Link and Save keep what you see.`],
];
const NONE = new Set();
let chosen = null; // the node whose paths are shown
let notice = ""; // about what the reader did last, other than stepping

const diagram = new Diagram(byId("canvas"), graph, {
  choose,
  open: (module) => folding.open(module),
  close: (module) => folding.close(module),
  picture(host, node) {
    const curves = host.appendChild(html("div", { className: "curves" }));
    drawCurves(curves, node);
    return curves;
  },
});
const folding = new Folding(diagram, () => {
  course.plan(folding.course);
  render();
});
const course = new Course(diagram.camera);
const division = new Division(diagram.camera, folding, course);
const motion = new Motion(diagram);
const presentation = new Presentation({
  panels: { graph: "g", math: "m", code: "c" },
  standard: ["graph", "math"],
  changed() {
    diagram.camera.present(presentation.isOn, arrange);
    render();
  },
});

function choose(node) {
  chosen = chosen === node ? null : node;
  course.keep(chosen, position);
  render();
}

/* The nodes and the uses of operands that the current step is about. */
function marksOfStep() {
  const step = forwardStep();
  if (step) {
    const operand = new Set(nodes[step.node].operands);
    return { current: new Set([step.node]), operand, receiver: NONE, inUse: (node) => node === step.node, chip: "" };
  }
  const number = isBackward() ? backwardNumber() : -1;
  const { node = -1, operand = -1, slot = null } = backward[number] ?? {};
  return {
    current: number < 0 ? NONE : new Set([node]),
    operand: NONE,
    receiver: slot === null ? NONE : new Set([operand]),
    inUse: (user, used) => slot !== null && user === node && used === slot,
    chip: slot === null ? "" : `×${showNumber(locals[number])}`,
  };
}

/* A node that has a warning; for a bare number, which has no box, also the operations that show it. */
function withWarning(node) {
  const users = nodes.flatMap(({ operands }, user) => (operands.includes(node) ? [user] : []));
  return new Set(nodes[node].kind === "constant" ? [node, ...users] : [node]);
}

function renderDiagram() {
  const { inUse, chip, ...marks } = marksOfStep();
  const gradients = gradientsNow();
  const { on, uses } = chosen === null ? { on: NONE, uses: NONE } : onPaths(chosen);
  diagram.update({
    ...UNMARKED,
    data: (node) => (isKnown(node) ? data[node] : undefined),
    gradient: (node) => gradients[node],
    marks: {
      ...marks,
      lit: on,
      chosen: chosen === null ? NONE : new Set([chosen]),
      warning: fault ? withWarning(fault.node) : NONE,
    },
    ...course.lookAt(position),
    inUse,
    chip,
    lit: uses,
    flow: flowNow(),
    backward: isBackward(),
  });
}

// Moving from step to step

function show(to, time) {
  notice = "";
  moveTo(to);
  guess.forget();
  folding.show(course.layoutAt(to));
  render();
  if (isConcealed()) player.pause();
  motion.start(isConcealed() ? 0 : time);
}

const guess = new Guess({
  changed: render,
  revealed() {
    render();
    motion.start(Infinity);
  },
});
const tour = new Tour(STOPS, "explorer");

/* Leaves whatever is open, one thing at a time. */
function leave() {
  hideTooltip();
  if (document.activeElement === byId("guessed")) byId("guessed").blur();
  else if (document.activeElement === byId("formula-text")) formula.reset();
  else if (byId("save").open) byId("save").open = false;
  else if (tour.isOpen) tour.close();
  else if (chosen !== null) choose(chosen);
  else if (presentation.isOn) presentation.toggle();
}

const player = new Player({
  last: lastPosition,
  show,
  keys: {
    "+": () => diagram.zoom(1.25),
    "-": () => diagram.zoom(0.8),
    0: () => diagram.fit(),
    ...presentation.keys,
    PageDown: (event) => (isConcealed() ? guess.reveal("") : player.next(event)), // a clicker has no other key to reveal
    "?": () => tour.open(),
    Escape: leave,
  },
});
/* After a number was changed. */
function recomputed() {
  motion.stop(); // its numbers are outdated
  render();
}

function say(words) {
  notice = words;
  render();
}

/* Shows the paths of a node given by its number as text, of none for null; returns false if there is no such node. */
function restoreChosen(text) {
  if (text !== null && (!isWholeUpTo(text, nodes.length - 1) || isBareNumber(nodes[text]))) return false;
  chosen = text === null ? null : Number(text);
  course.keep(chosen, position);
  render();
  return true;
}

const link = new Link(
  {
    step: {
      get: () => (player.position ? String(player.position) : null),
      set: (text) => (text === null || isWholeUpTo(text, lastPosition)) && player.go(Number(text)),
      expected: tr`an integer from 0 to ${lastPosition}`,
    },
    set: { get: changedLeaves, set: restoreLeaves, expected: tr`such as 0:0.5, the number of a variable and its value` },
    predict: {
      get: () => (isPredicting() ? "on" : null),
      set: (text) => (text === null || text === "on") && guess.set(text !== null),
      expected: "on",
    },
    node: {
      get: () => (chosen === null ? null : String(chosen)),
      set: restoreChosen,
      expected: tr`an integer from 0 to ${nodes.length - 1}, the number of a node that is shown`,
    },
    ...partsOfView(diagram, folding, presentation),
  },
  say,
);
const formula = new Formula({ changed: recomputed, say });
addMenu(diagram, say);
printSheet(diagram);
byId("close").addEventListener("click", () => choose(chosen));

// Showing it all

function renderControls() {
  player.render(phase());
  guess.render();
  setText(byId("sentence"), [notice, guess.words, sentence()].filter(Boolean).join(" "));
  byId("warning").hidden = !fault;
  setText(byId("warning"), fault ? tr`⚠ The first number that is not finite: ${fault.text}.` : "");
  document.body.classList.toggle("in-backward", isBackward());
}

function render() {
  renderControls();
  renderDiagram();
  renderMath((to) => player.go(to));
  renderCode();
  renderPaths(chosen);
  drawCurves(byId("curves"), chosen);
  renderGradientLegend();
  updateSliders();
  formula.render();
  refreshTooltip();
  link.update();
  tell();
}

/* The names of the two passes below the scrubber, with widths in proportion to their steps. */
function renderPasses() {
  const span = (pass, words, steps) => {
    const shown = html("span", { className: `${pass}-pass`, textContent: words });
    shown.style.flexGrow = String(steps.length);
    return shown;
  };
  const passes = html("div", { className: "passes" }, span("forward", tr`forward`, forward), span("backward", tr`backward`, backward));
  passes.setAttribute("aria-hidden", "true");
  byId("scrubber").after(passes);
}

/* Divides the page for the graph, and shows the most detailed layout that is legible there, unless the reader has opened
   or folded something. */
function arrange() {
  if (isPrinting()) return; // the sheet of paper has its own division
  diagram.camera.keepInSight(() => {
    if (!presentation.isOn) division.choose();
    division.survey();
    folding.show(course.layoutAt(position));
  });
}

byId("folding").after(byId("with-gradient").parentElement);
byId("canvas").before(byId("gradient-legend"));
byId("with-gradient").addEventListener("change", () => {
  render();
  arrange(); // with or without the legend
  render();
});
byId("phase").before(byId("formula"));
byId("phase").after(byId("tools"));
byId("saying").append(byId("guess"));
renderPasses();
compute();
buildSliders(recomputed);
arrange();
render();
diagram.camera.resized = () => {
  course.forget();
  diagram.look(course.lookAt(position));
  refreshTooltip();
};
window.addEventListener("resize", () =>
  requestAnimationFrame(() => {
    arrange();
    render();
  }),
);
if (location.hash) link.restore();
if (!presentation.isOn) tour.openOnce();
