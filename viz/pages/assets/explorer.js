/* The step-through: one position in the two passes, shown in diagram, math and code at once. */
import { Diagram } from "./diagram.js";
import { element, made, setText } from "./dom.js";
import { renderMath } from "./equations.js";
import { Folding } from "./folding.js";
import { backward, compute, data, fault, forward, graph, locals, nodes } from "./graph.js";
import { renderCode } from "./listing.js";
import { showNumber } from "./math.js";
import { onPaths, renderPaths } from "./paths.js";
import { Player } from "./player.js";
import { buildSliders, updateSliders } from "./sliders.js";
import { backwardNumber, forwardStep, gradientsNow, isBackward, isKnown } from "./steps.js";
import { lastPosition, moveTo, phase, says, told } from "./steps.js";
import { showTooltip } from "./tooltip.js";

const NONE = new Set();
let chosen = null; // the node whose paths are shown

const diagram = new Diagram(element("canvas"), graph, {
  choose,
  open: (module) => folding.open(module),
  close: (module) => folding.close(module),
  point: showTooltip,
});
const folding = new Folding(diagram, render);

function choose(node) {
  chosen = chosen === node ? null : node;
  render();
}

/* Which nodes and which uses of operands the current step is about. */
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
    inUse: (user, place) => slot !== null && user === node && place === slot,
    chip: slot === null ? "" : `×${showNumber(locals[number])}`,
  };
}

function renderDiagram() {
  const { inUse, chip, ...marks } = marksOfStep();
  const gradients = gradientsNow();
  const { on, uses } = chosen === null ? { on: NONE, uses: NONE } : onPaths(chosen);
  diagram.update({
    data: (node) => (isKnown(node) ? data[node] : undefined),
    gradient: (node) => gradients[node],
    told: (box) => told(box, gradients[box]),
    marks: {
      ...marks,
      lit: on,
      chosen: chosen === null ? NONE : new Set([chosen]),
      warning: fault ? new Set([fault.node]) : NONE,
    },
    focus: new Set([...marks.current, ...marks.operand, ...marks.receiver]),
    inUse,
    chip,
    lit: uses,
    backward: isBackward(),
  });
}

// Going from step to step

function show(to) {
  moveTo(to);
  folding.followStep();
  render();
}

const player = new Player({
  last: lastPosition,
  show,
  keys: {
    "+": () => diagram.zoom(1.25),
    "-": () => diagram.zoom(0.8),
    0: () => diagram.fit(),
    Escape() {
      showTooltip(null);
      if (chosen !== null) choose(chosen);
    },
  },
});
element("close").addEventListener("click", () => choose(chosen));

// Showing it all

function renderControls() {
  player.render(phase());
  setText(element("says"), says());
  element("warning").hidden = !fault;
  setText(element("warning"), fault ? `⚠ Here the numbers leave the finite ones: ${fault.text}.` : "");
  document.body.classList.toggle("in-backward", isBackward());
}

function render() {
  renderControls();
  renderDiagram();
  renderMath((to) => player.go(to));
  renderCode();
  renderPaths(chosen);
  updateSliders();
}

function renderPasses() {
  const part = (pass, steps) => {
    const shown = made("span", { id: `${pass}-part`, textContent: pass });
    shown.style.flexGrow = String(steps.length);
    return shown;
  };
  const passes = made("div", { className: "passes" }, part("forward", forward), part("backward", backward));
  passes.setAttribute("aria-hidden", "true");
  element("scrubber").after(passes);
}

renderPasses();
compute();
buildSliders(render);
render();
