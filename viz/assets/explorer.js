/* The step-through: one position in the two passes, shown in diagram, math and code at once. */
import { Diagram } from "./diagram.js";
import { element, setText } from "./dom.js";
import { renderMath } from "./equations.js";
import { Folding } from "./folding.js";
import { backward, compute, data, fault, forward, graph, locals, nodes } from "./graph.js";
import { renderCode } from "./listing.js";
import { showNumber } from "./math.js";
import { onPaths, renderPaths } from "./paths.js";
import { buildSliders, updateSliders } from "./sliders.js";
import { backwardNumber, forwardStep, gradientsNow, isBackward, isKnown } from "./steps.js";
import { lastPosition, moveTo, phase, position, says, told } from "./steps.js";
import { showTooltip } from "./tooltip.js";

const NONE = new Set();
let chosen = null; // the node whose paths are shown
let timer = null; // of playing

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

function go(to) {
  const target = Math.min(lastPosition, Math.max(0, to));
  if (target === lastPosition) pause();
  if (target === position) return;
  moveTo(target);
  folding.followStep();
  render();
}

function pause() {
  clearInterval(timer);
  timer = null;
  renderPlay();
}

function play() {
  if (position === lastPosition) go(0);
  timer = setInterval(() => go(position + 1), Number(element("speed").value));
  renderPlay();
}

const toggle = () => (timer === null ? play() : pause());

function byHand(act) {
  return (event) => {
    if (timer !== null) pause();
    act(event);
  };
}

const moves = {
  first: byHand(() => go(0)),
  back: byHand(() => go(position - 1)),
  next: byHand(() => go(position + 1)),
  last: byHand(() => go(lastPosition)),
};

function toggleFullscreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen().catch(() => {}); // where the page around it does not allow it
}

function onPress(id, act) {
  element(id).addEventListener("click", act);
}

for (const [id, move] of Object.entries(moves)) onPress(id, move);
onPress("play", toggle);
onPress("zoom-in", () => diagram.zoom(1.25));
onPress("zoom-out", () => diagram.zoom(0.8));
onPress("fit", () => diagram.fit());
onPress("close", () => choose(chosen));
onPress("fullscreen", toggleFullscreen);
element("fullscreen").hidden = !document.fullscreenEnabled;
element("scrubber").addEventListener("input", byHand((event) => go(event.target.valueAsNumber)));
element("speed").addEventListener("change", () => {
  if (timer === null) return;
  clearInterval(timer);
  play();
});

const KEYS = {
  ArrowRight: moves.next,
  ArrowLeft: moves.back,
  Home: moves.first,
  End: moves.last,
  " ": toggle,
  "+": () => diagram.zoom(1.25),
  "-": () => diagram.zoom(0.8),
  0: () => diagram.fit(),
  f: () => document.fullscreenEnabled && toggleFullscreen(),
  Escape() {
    showTooltip(null);
    if (chosen !== null) choose(chosen);
  },
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(KEYS, event.key)) return;
  const inField = event.target.matches("input, select");
  const presses = event.target.matches("button, summary") && event.key === " ";
  if (presses || (inField && event.key !== "Escape")) return; // there these keys have a meaning of their own
  event.preventDefault();
  KEYS[event.key](event);
});

// Showing it all

function renderPlay() {
  const playing = timer !== null;
  element("play").classList.toggle("playing", playing);
  element("play").setAttribute("aria-label", playing ? "Pause" : "Play");
  element("play").title = playing ? "Pause (space)" : "Play (space)";
}

function renderControls() {
  element("first").disabled = element("back").disabled = position === 0;
  element("next").disabled = element("last").disabled = position === lastPosition;
  element("scrubber").value = String(position);
  element("scrubber").setAttribute("aria-valuetext", phase());
  setText(element("phase"), phase());
  setText(element("says"), says());
  element("warning").hidden = !fault;
  setText(element("warning"), fault ? `⚠ Here the numbers leave the finite ones: ${fault.text}.` : "");
  document.body.classList.toggle("in-backward", isBackward());
  document.body.dataset.position = String(position);
}

function render() {
  renderControls();
  renderDiagram();
  renderMath(go);
  renderCode();
  renderPaths(chosen);
  updateSliders();
}

element("scrubber").max = String(lastPosition);
element("forward-part").style.flexGrow = String(forward.length);
element("backward-part").style.flexGrow = String(backward.length);
compute();
buildSliders(render);
render();
