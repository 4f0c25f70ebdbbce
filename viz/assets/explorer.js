"use strict";

/* The step-through: one position in the forward and the backward pass, shown in diagram, math and code at once. */
/* global program, parseMath, drawMath, showNumber, Diagram */

const graph = JSON.parse(document.getElementById("data").textContent);
const { nodes, variables, forward, backward } = graph;
const root = nodes.length - 1;
const firstOperation = nodes.length - forward.length;
const lastPosition = forward.length + backward.length;
const MOST_PATHS = 8; // listed of those from a node to the output
const CHUNK = 60; // steps that come and go together in the list of all
const SLIDER_STEPS = 100; // to either side of where a slider starts

const element = (id) => document.getElementById(id);

function made(tag, properties = {}, ...children) {
  const { dataset, ...others } = properties;
  const node = Object.assign(document.createElement(tag), others);
  Object.assign(node.dataset, dataset);
  node.append(...children);
  return node;
}

// The state: where we are, the numbers of the leaves, and all that follows from them.

let position = 0;
let chosen = null; // the node whose paths are shown
let timer = null; // of playing
let followsFolds = true; // whether the part of the current step is opened; not once the viewer has folded something
const numbers = variables.map(({ start }) => Number(start));
let data = []; // of every node
let locals = []; // the local derivative, the contribution and the gradient so far, of every backward step
let contributions = [];
let gradientsSoFar = [];
let fault = null; // where the finite numbers are left

const edgesFrom = nodes.map(() => []); // from a node toward the output: the backward steps that reach it
backward.forEach((step, number) => {
  if (step.slot !== null) edgesFrom[step.operand].push(number);
});

function compute() {
  const [values, rest] = program(...numbers);
  data = values;
  locals = backward.map((_, number) => rest[3 * number]);
  contributions = backward.map((_, number) => rest[3 * number + 1]);
  gradientsSoFar = backward.map((_, number) => rest[3 * number + 2]);
  fault = findFault();
}

/* The first node whose number is not finite; or else the first local derivative; or else the first gradient. */
function findFault() {
  const wrong = (x) => !Number.isFinite(x);
  const node = data.findIndex(wrong);
  if (node >= 0) {
    const { operands } = nodes[node];
    const given = operands.map((operand) => `${nameOf(operand)} = ${showNumber(data[operand])}`);
    const where = node < firstOperation ? nameOf(node) : forward[node - firstOperation].code;
    return { node, text: `${where} is ${showNumber(data[node])}${given.length ? ` where ${given.join(", ")}` : ""}` };
  }
  const late = backward.findLastIndex((_, number) => wrong(locals[number])); // the first in the order of the forward pass
  if (late >= 0) {
    const step = backward[late];
    return { node: step.node, text: `the derivative of ${nameOf(step.node)} by ${nameOf(step.operand)} is ${showNumber(locals[late])}` };
  }
  const step = gradientsSoFar.findIndex(wrong);
  if (step < 0) return null;
  const { operand } = backward[step];
  return { node: operand, text: `the gradient of ${nameOf(operand)} is ${showNumber(gradientsSoFar[step])}` };
}

function nameOf(node) {
  return nodes[node].name || showNumber(data[node]);
}

/* The gradient of every node at the current position; undefined where none has arrived. */
function gradientsNow() {
  const found = [];
  for (let step = 0; step < position - forward.length; step += 1) found[backward[step].operand] = gradientsSoFar[step];
  return found;
}

const isBackward = () => position > forward.length;
const forwardStep = () => (position > 0 && !isBackward() ? forward[position - 1] : null);
const backwardNumber = () => position - forward.length - 1;
const isKnown = (node) => node < firstOperation + position;

/* What the gradient of the operand was before a backward step; undefined where it is the first to arrive. */
function before(number) {
  const { operand } = backward[number];
  for (let step = number - 1; step >= 0; step -= 1) if (backward[step].operand === operand) return gradientsSoFar[step];
  return undefined;
}

/* The gradient that a backward step passes on: that of its operation, which is complete by then. */
function upstream(number) {
  const { node } = backward[number];
  for (let step = number - 1; step >= 0; step -= 1) if (backward[step].operand === node) return gradientsSoFar[step];
  return 1;
}

const live = {
  data: (node) => data[node],
  upstream,
  local: (number) => locals[number],
  contribution: (number) => contributions[number],
  before,
  gradient: (number) => gradientsSoFar[number],
};

// Words

function says() {
  if (position === 0) return forward.length ? "Start: the leaves have their numbers." : "A single leaf: there is nothing to compute.";
  const step = forwardStep();
  if (step) return `${step.code} = ${showNumber(data[step.node])}`;
  const number = backwardNumber();
  const { node, operand, slot } = backward[number];
  if (slot === null) return `The derivative of ${nameOf(root)} by itself is 1.`;
  const product = `upstream ${showNumber(upstream(number))} × local ${showNumber(locals[number])} = ${showNumber(contributions[number])}`;
  const known = before(number);
  const sum =
    known === undefined
      ? "the first to arrive there"
      : `added to what arrived before: ${showNumber(known)} + ${showNumber(contributions[number])} = ${showNumber(gradientsSoFar[number])}`;
  return `${nameOf(node)} passes to ${nameOf(operand)}: ${product}; ${sum}`;
}

function phase() {
  if (position === 0) return `Start · ${forward.length} forward, ${backward.length} backward`;
  return isBackward()
    ? `Backward · step ${backwardNumber() + 1} of ${backward.length}`
    : `Forward · step ${position} of ${forward.length}`;
}

/* A box in words, for screen readers. */
function told(box) {
  const { gradients } = state;
  if (box < 0) return `${graph.folds[-box - 1].title}, folded, ${graph.folds[-box - 1].counted}`;
  const { name, op, kind } = nodes[box];
  const parts = [name, op || (kind === "plain" ? "leaf" : kind)];
  parts.push(isKnown(box) ? `value ${showNumber(data[box])}` : "not computed yet");
  if (gradients[box] !== undefined) parts.push(`gradient ${showNumber(gradients[box])}`);
  return parts.filter(Boolean).join(", ");
}

// Math

const partial = (of, by) => `\\frac{\\partial ${nodes[of].math}}{\\partial ${nodes[by].math}}`;

function mathElement(latex, numbersNow = live) {
  const math = document.createElementNS("http://www.w3.org/1998/Math/MathML", "math");
  math.append(drawMath(parseMath(latex, numbersNow)));
  return math;
}

/* The current step with its numbers put in: what each line shows, and the line. */
function equation() {
  const step = forwardStep();
  if (step) {
    const name = nodes[step.node].math;
    return [
      ["operation", `${name} = ${step.math}`],
      ["with numbers", `${name} = ${step.numbers} = \\data{${step.node}}`],
    ];
  }
  if (!isBackward()) {
    return variables.slice(0, 12).map(({ node }) => ["", `${nodes[node].math} = \\data{${node}}`]);
  }
  const number = backwardNumber();
  const { node, operand, slot, formula } = backward[number];
  if (slot === null) return [["start", `${partial(root, root)} = 1`]];
  const isNumber = /^-?[0-9.]+$/.test(formula);
  const chain = `${partial(root, node)} \\cdot ${partial(node, operand)}`;
  const sum = before(number) === undefined ? "" : `\\before{${number}} + \\signed{\\contribution{${number}}} = `;
  return [
    ["local derivative", `${partial(node, operand)} = ${isNumber ? "" : `${formula} = `}\\local{${number}}`],
    ["upstream × local", `${chain} = \\signed{\\upstream{${number}}} \\cdot \\signed{\\local{${number}}} = \\contribution{${number}}`],
    [sum ? "added up" : "first to arrive", `${partial(root, operand)} = ${sum}\\gradient{${number}}`],
  ];
}

function renderEquation() {
  element("equation").replaceChildren(
    ...equation().map(([what, latex]) => made("div", {}, made("span", { className: "what", textContent: what }), mathElement(latex))),
  );
}

/* The line of a step in the list of all: in symbols, and its result once it is known. */
function listed(at) {
  if (at <= forward.length) {
    const { node, math } = forward[at - 1];
    return { latex: `${nodes[node].math} = ${math}`, result: () => data[node] };
  }
  const number = at - forward.length - 1;
  const { node, operand, slot, formula } = backward[number];
  if (slot === null) return { latex: `${partial(root, root)} = 1`, result: () => undefined };
  return {
    latex: `${partial(root, operand)} \\mathrel{+=} ${partial(root, node)} \\cdot \\factor{${formula}}`,
    result: () => contributions[number],
  };
}

const lines = new Map(); // the elements of the list of all steps, made when they are first needed

function lineOf(at) {
  if (!lines.has(at)) {
    const { latex, result } = listed(at);
    const number = made("output", { className: "number" });
    const item = made("li", { className: at > forward.length ? "backward" : "forward" }, mathElement(latex), number);
    item.addEventListener("click", () => go(at));
    lines.set(at, { item, number, result });
  }
  return lines.get(at);
}

let shownChunk = null;

function renderEquations() {
  const chunk = Math.floor(position / CHUNK);
  const from = Math.max(1, (chunk - 1) * CHUNK);
  const to = Math.min(lastPosition, (chunk + 2) * CHUNK);
  const list = element("equations");
  const range = [];
  for (let at = from; at <= to; at += 1) range.push(at);
  if (chunk !== shownChunk) list.replaceChildren(...range.map((at) => lineOf(at).item));
  shownChunk = chunk;
  for (const at of range) {
    const { item, number, result } = lineOf(at);
    item.classList.toggle("pending", at > position);
    if (at === position) item.setAttribute("aria-current", "step");
    else item.removeAttribute("aria-current");
    const x = at <= position ? result() : undefined;
    const text = x === undefined ? "" : `= ${showNumber(x)}`;
    if (number.textContent !== text) number.textContent = text;
  }
  if (position > 0) keepInSight(list, lineOf(position).item);
  else list.scrollTop = 0;
}

/* Scrolls a list, and nothing around it, so that one of its lines is seen. */
function keepInSight(list, line) {
  const top = line.offsetTop;
  if (top < list.scrollTop + line.offsetHeight || top + 2 * line.offsetHeight > list.scrollTop + list.clientHeight) {
    list.scrollTop = top - list.clientHeight / 3;
  }
}

// Code

const codeLines = graph.code.map((text) => made("span", { className: text.trim().startsWith("#") ? "line comment" : "line", textContent: text }));
element("listing").append(...codeLines.flatMap((line) => [line, "\n"]));
let marked = [];

function renderCode() {
  for (const line of marked) line.removeAttribute("aria-current");
  const step = forwardStep() ?? (isBackward() ? backward[backwardNumber()] : null);
  marked = (step?.lines ?? [0]).map((number) => codeLines[number]);
  for (const line of marked) line.setAttribute("aria-current", "step");
  if (marked.length) keepInSight(element("listing"), marked.at(-1));
}

// The diagram

const none = new Set();
const state = { gradients: [], marks: {}, focus: none, lit: none };

const diagram = new Diagram(element("canvas"), graph, {
  choose,
  open(module) {
    foldByViewer(opened().add(module), (layout) => layout.opened.includes(module));
  },
  close(module) {
    const { path } = graph.modules[module];
    const outside = [...opened()].filter((other) => !isInside(graph.modules[other].path, path));
    foldByViewer(new Set(outside), (layout) => !layout.opened.includes(module));
  },
  point: showTooltip,
});

function updateState() {
  const gradients = gradientsNow();
  const marks = { current: none, operand: none, receiver: none, lit: none, chosen: none };
  const step = forwardStep();
  let inUse = () => false;
  let chip = "";
  if (step) {
    marks.current = new Set([step.node]);
    marks.operand = new Set(nodes[step.node].operands);
    inUse = (node) => node === step.node;
  } else if (isBackward()) {
    const number = backwardNumber();
    const use = backward[number];
    marks.current = new Set([use.node]);
    if (use.slot !== null) {
      marks.receiver = new Set([use.operand]);
      inUse = (node, slot) => node === use.node && slot === use.slot;
      chip = `×${showNumber(locals[number])}`;
    }
  }
  const focus = new Set([...marks.current, ...marks.operand, ...marks.receiver]);
  const paths = chosen === null ? { on: none, lit: none } : pathsOf(chosen);
  marks.lit = paths.on;
  marks.chosen = chosen === null ? none : new Set([chosen]);
  marks.warning = fault ? new Set([fault.node]) : none;
  Object.assign(state, {
    gradients, marks, focus, inUse, chip, told,
    lit: paths.lit,
    backward: isBackward(),
    data: (node) => (isKnown(node) ? data[node] : undefined),
    gradient: (node) => gradients[node],
  });
}

// Folding

const opened = () => new Set(diagram.layout.opened);

/* In how many modules a layout differs from a set of opened ones. */
function difference(layout, modules) {
  const common = layout.opened.filter((module) => modules.has(module)).length;
  return layout.opened.length + modules.size - 2 * common;
}

/* Shows the layout that comes nearest to having just these modules opened, among those that are as `fits` says. */
function fold(modules, fits) {
  const near = (best, layout) => (difference(layout, modules) < difference(best, modules) ? layout : best);
  const fitting = graph.layouts.filter(fits).toSorted((a, b) => a.opened.length - b.opened.length);
  if (fitting.length) show(fitting.reduce(near));
}

function foldByViewer(modules, fits) {
  followsFolds = false;
  fold(modules, fits);
  render();
}

const isInside = (path, outer) => path === outer || path.startsWith(`${outer}.`);

function show(layout) {
  diagram.show(layout);
  element("layout").value = String(graph.layouts.indexOf(layout));
}

/* Opens the part of the model in which the current step happens. */
function followStep() {
  const step = forwardStep() ?? (isBackward() ? backward[backwardNumber()] : null);
  if (!step || !followsFolds) return;
  if (diagram.boxOf.get(step.node) >= 0) return;
  const { scope } = nodes[step.node];
  const holders = graph.modules.flatMap(({ path }, module) => (isInside(scope, path) ? [module] : []));
  fold(new Set(holders), (layout) => layout.opened.includes(holders.at(-1)));
}

function nameOfLayout(layout) {
  const count = layout.opened.length;
  if (count === 0) return graph.modules.length ? "all folded" : "everything";
  if (count === graph.modules.length) return "everything";
  const paths = layout.opened.map((module) => graph.modules[module].path);
  const deepest = paths.reduce((a, b) => (b.length > a.length ? b : a));
  const isChain = paths.every((path) => isInside(deepest, path));
  return isChain ? `${deepest} opened` : `opened ${Math.max(...paths.map((path) => path.split(".").length))} deep`;
}

// Paths

/* What lies on a path from a node to the output: the nodes, and the uses of operands. */
function pathsOf(node) {
  const on = new Set([node]);
  const lit = new Set();
  for (let place = node; place <= root; place += 1) {
    if (!on.has(place)) continue;
    for (const number of edgesFrom[place]) {
      on.add(backward[number].node);
      lit.add(`${backward[number].node} ${backward[number].slot}`);
    }
  }
  return lit.size || node === root ? { on, lit } : { on: new Set([node]), lit };
}

function countPaths(node) {
  const count = nodes.map((_, place) => (place === root ? 1 : 0));
  for (let place = root - 1; place >= node; place -= 1) {
    count[place] = edgesFrom[place].reduce((sum, number) => sum + count[backward[number].node], 0);
  }
  return count[node];
}

/* The first few paths from a node to the output, each as the backward steps along it. */
function somePaths(node) {
  const found = [];
  const waiting = [{ at: node, steps: [] }];
  while (waiting.length && found.length < MOST_PATHS) {
    const { at, steps } = waiting.pop();
    if (at === root) found.push(steps);
    else for (const number of edgesFrom[at].toReversed()) waiting.push({ at: backward[number].node, steps: [...steps, number] });
  }
  return found;
}

const shortened = (parts) => (parts.length > 9 ? [...parts.slice(0, 4), "…", ...parts.slice(-4)] : parts);

function renderPaths() {
  element("chosen").hidden = chosen === null;
  if (chosen === null) return;
  const name = nameOf(chosen);
  element("chosen-heading").textContent = chosen === root ? name : `From ${name} to ${nameOf(root)}`;
  const total = countPaths(chosen);
  const rows = somePaths(chosen).map((steps) => {
    const product = steps.reduce((result, number) => result * locals[number], 1);
    const along = shortened([name, ...steps.map((number) => nameOf(backward[number].node))]).join(" → ");
    const factors = shortened(steps.map((number) => showNumber(locals[number]))).join(" × ");
    return made(
      "li", {},
      made("span", { className: "along", textContent: along }),
      made("span", { className: "product", textContent: steps.length > 1 ? `${factors} = ` : "" }, made("b", { textContent: showNumber(product), dataset: { product: String(product) } })),
    );
  });
  const gradient = gradientsSoFar[backward.findLastIndex(({ operand }) => operand === chosen)];
  const parts = [];
  if (nodes[chosen].kind === "constant") parts.push(made("p", { textContent: "A constant: no gradient is followed to it." }));
  else if (chosen === root) parts.push(made("p", { textContent: "The output. Its derivative by itself is 1." }));
  else if (total === 0) parts.push(made("p", { textContent: "No gradient flows from the output to here." }));
  else {
    parts.push(made("ol", {}, ...rows));
    if (total > rows.length) parts.push(made("p", { textContent: `and ${(total - rows.length).toLocaleString("en")} more paths` }));
    const sum = total === 1 ? "The one path gives the gradient" : `The sum over all ${total.toLocaleString("en")} paths is the gradient`;
    parts.push(made("p", { className: "sum", textContent: `${sum}: ` }, made("b", { textContent: showNumber(gradient), dataset: { sum: String(gradient) } })));
  }
  element("paths").replaceChildren(...parts);
}

function choose(node) {
  chosen = chosen === node ? null : node;
  render();
}

// Full precision, while a box is pointed at or has the focus

function showTooltip(box, target) {
  const tooltip = element("tooltip");
  tooltip.hidden = box === null;
  if (box === null) return;
  const facts = [];
  if (box < 0) {
    const { title, counted, module } = graph.folds[-box - 1];
    facts.push(["", title], ["", counted], ["", module < 0 ? "" : "press to open"]);
  } else {
    const { name, op, kind, scope } = nodes[box];
    facts.push(["", [scope, name].filter(Boolean).join(".") || kind], ["", op || kind]);
    if (isKnown(box)) facts.push(["value", String(data[box])]);
    if (state.gradients[box] !== undefined) facts.push(["gradient", String(state.gradients[box])]);
  }
  tooltip.replaceChildren(
    ...facts.filter(([, fact]) => fact).map(([what, fact]) => made("div", {}, made("span", { textContent: what }), ` ${fact}`)),
  );
  const { left, right, top, bottom } = target.getBoundingClientRect();
  const { width, height } = tooltip.getBoundingClientRect();
  const x = Math.min(Math.max(4, (left + right - width) / 2), innerWidth - width - 4);
  tooltip.style.left = `${x}px`;
  tooltip.style.top = `${bottom + height + 8 < innerHeight ? bottom + 8 : Math.max(4, top - height - 8)}px`;
}

// Sliders

/* The length of a slider's step: about a fiftieth of the number, and round. */
function stepOf(start) {
  const size = Math.max(1, Math.abs(start)) / 50;
  const power = 10 ** Math.floor(Math.log10(size));
  return Number.isFinite(size) ? power * ([1, 2, 5].findLast((digit) => digit * power <= size * 1.000001) ?? 1) : 0.02;
}

const rows = variables.map(({ node, start }, place) => {
  const origin = Number(start);
  const step = stepOf(origin);
  const { name, kind } = nodes[node];
  const range = made("input", { type: "range", min: -SLIDER_STEPS, max: SLIDER_STEPS, step: 1, value: 0 });
  const field = made("input", { type: "number", step: "any", value: start });
  range.setAttribute("aria-label", `${name}, slider`);
  field.setAttribute("aria-label", name);
  const row = made("div", { className: `slider ${kind}`, dataset: { node } }, made("span", { className: "name", textContent: name }), range, field);
  const set = (number) => {
    numbers[place] = number;
    compute();
    render();
  };
  range.addEventListener("input", () => {
    const moved = range.valueAsNumber;
    set(moved === 0 ? origin : Number((origin + moved * step).toPrecision(12)));
  });
  field.addEventListener("input", () => {
    field.setAttribute("aria-invalid", String(Number.isNaN(field.valueAsNumber)));
    if (!Number.isNaN(field.valueAsNumber)) set(field.valueAsNumber);
  });
  const settle = () => {
    range.value = String(Math.round((numbers[place] - origin) / step));
    range.setAttribute("aria-valuetext", showNumber(numbers[place]));
    if (document.activeElement !== field) field.value = String(Number(numbers[place].toPrecision(6)));
    field.title = String(numbers[place]);
  };
  field.addEventListener("focus", () => (field.value = String(numbers[place]))); // all digits, to be changed
  field.addEventListener("blur", settle);
  settle();
  return { row, settle, scope: nodes[node].scope, kind };
});

function buildSliders() {
  const order = { input: 0, plain: 1, parameter: 2 };
  const groups = new Map();
  const byScope = (a, b) => a.scope.localeCompare(b.scope, "en", { numeric: true });
  for (const entry of rows.toSorted((a, b) => order[a.kind] - order[b.kind] || byScope(a, b))) {
    if (!groups.has(entry.scope)) groups.set(entry.scope, []);
    groups.get(entry.scope).push(entry.row);
  }
  const few = rows.length <= 40;
  element("sliders").append(
    ...[...groups].map(([scope, members]) => {
      if (!scope) return made("div", { className: "group" }, ...members);
      const group = made("details", { open: few }, made("summary", { textContent: scope }));
      const fill = () => group.childElementCount === 1 && group.append(made("div", { className: "group" }, ...members));
      if (few) fill();
      else group.addEventListener("toggle", fill, { once: true });
      return group;
    }),
  );
  element("leaves").hidden = !rows.length;
}

element("reset").addEventListener("click", () => {
  variables.forEach(({ start }, place) => {
    numbers[place] = Number(start);
  });
  document.activeElement?.blur();
  compute();
  render();
});

// Controls

function go(to) {
  const target = Math.min(lastPosition, Math.max(0, to));
  if (target === lastPosition) pause();
  if (target === position) return;
  position = target;
  followStep();
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
  return () => {
    if (timer !== null) pause();
    act();
  };
}

const moves = {
  first: byHand(() => go(0)),
  back: byHand(() => go(position - 1)),
  next: byHand(() => go(position + 1)),
  last: byHand(() => go(lastPosition)),
};
for (const [id, move] of Object.entries(moves)) element(id).addEventListener("click", move);
element("play").addEventListener("click", toggle);
element("scrubber").addEventListener("input", (event) => byHand(() => go(event.target.valueAsNumber))());
element("speed").addEventListener("change", () => {
  if (timer === null) return;
  clearInterval(timer);
  play();
});
element("zoom-in").addEventListener("click", () => diagram.zoom(1.25));
element("zoom-out").addEventListener("click", () => diagram.zoom(0.8));
element("fit").addEventListener("click", () => diagram.fit());
element("close").addEventListener("click", () => choose(chosen));
element("layout").addEventListener("change", (event) => {
  followsFolds = false;
  show(graph.layouts[Number(event.target.value)]);
  render();
});

function toggleFullscreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen().catch(() => {});
}
element("fullscreen").hidden = !document.fullscreenEnabled;
element("fullscreen").addEventListener("click", toggleFullscreen);

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
  if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in KEYS)) return;
  const inField = event.target.matches("input, select");
  const pressed = event.target.matches("button, summary") && event.key === " ";
  if (pressed || (inField && event.key !== "Escape")) return; // these keys have a meaning of their own there
  event.preventDefault();
  KEYS[event.key]();
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
  element("reset").disabled = numbers.every((number, place) => Object.is(number, Number(variables[place].start)));
  for (const [id, text] of [["phase", phase()], ["says", says()]]) {
    if (element(id).textContent !== text) element(id).textContent = text;
  }
  document.body.classList.toggle("in-backward", isBackward());
  document.body.dataset.position = String(position);
  const warning = fault ? `⚠ Here the numbers leave the finite ones: ${fault.text}.` : "";
  element("warning").hidden = !fault;
  if (element("warning").textContent !== warning) element("warning").textContent = warning;
}

function render() {
  updateState();
  diagram.update(state);
  renderControls();
  renderEquation();
  renderEquations();
  renderCode();
  renderPaths();
  for (const { settle } of rows) settle();
}

function start() {
  element("scrubber").max = String(lastPosition);
  element("forward-part").style.flexGrow = String(forward.length);
  element("backward-part").style.flexGrow = String(backward.length);
  element("folding").hidden = graph.layouts.length < 2;
  element("layout").append(...graph.layouts.map((layout, number) => made("option", { value: String(number), textContent: nameOfLayout(layout) })));
  buildSliders();
  compute();
  show(graph.layouts[0]);
  render();
}

start();
