/* The exercise: fields for numbers that the diagram leaves out, judged with those that the page's program computes. */
import { AnswerRow } from "./answer_row.js";
import { Diagram, UNMARKED } from "./diagram.js";
import { byId, setClass, setText } from "./dom.js";
import { Folding } from "./folding.js";
import { backward, compute, data, fault, gradientsSoFar, graph, contributions, isBareNumber, leaves } from "./graph.js";
import { locals, nodes, stepsTo, variables } from "./graph.js";
import { listenToKeys } from "./keys.js";
import { Link } from "./link.js";
import { isWholeUpTo, presentPart } from "./link_parts.js";
import { printOnPaper } from "./paper.js";
import { Presentation } from "./presentation.js";
import { drawnNumbers } from "./seeding.js";
import { hideTooltip, refreshTooltip } from "./tooltip.js";
import { tr } from "./words.js";

const { fields, drawing, seed: firstSeed } = graph.exercise;
const asksGradients = fields.some(({ kind }) => kind === "gradient");
const asksValues = fields.some(({ kind }) => kind === "value");
const NO_NODE = new Set();
const ROOM_AROUND = 24; // pixels above and below a picture
let seed = firstSeed; // null while the numbers are those of the graph
let words = ""; // about what the reader did last

const gradientOf = (node) => gradientsSoFar[backward.findLastIndex(({ operand }) => operand === node)];

const diagram = new Diagram(byId("canvas"), graph, {
  choose(node) {
    const row = rows.find(({ field }) => field.node === node);
    if (row) answer(row);
  },
  open: (module) => folding.open(module),
  close: (module) => folding.close(module),
});
const folding = new Folding(diagram, render);
folding.show(graph.layouts.toSorted((a, b) => b.opened.length - a.opened.length)[0]); // every field has its box

const rows = fields.map(
  (field, number) =>
    new AnswerRow(field, stepsTo[field.node], number, {
      focused(row) {
        if (row !== current) goTo(row);
      },
      changed() {
        words = "";
        render();
      },
      entered(row) {
        check();
        if (row.status === "right") answer(openAfter(row) ?? row);
        else row.input.select();
      },
      asked: render,
    }),
);
let current = rows[0]; // the row that the reader is at
const rowOf = new Map(rows.map((row) => [`${row.field.kind} ${row.field.node}`, row]));
const isAllRight = () => rows.every(({ status }) => status === "right");

const isTyping = () => rows.some(({ input }) => input === document.activeElement);

function goTo(row) {
  current = row;
  render();
}

/* Goes to a row and its field. Of the rows that are presented, only the current one can have the focus. */
function answer(row) {
  goTo(row);
  row.input.focus();
}

/* Goes to another row, by a number of rows; who types goes on typing. */
function turn(by) {
  const row = rows[rows.indexOf(current) + by];
  if (!row) return;
  words = "";
  if (isTyping()) answer(row);
  else goTo(row);
  row.element.scrollIntoView({ block: "nearest" });
}

/* The next row, from one on, that has no right answer yet. */
function openAfter(row) {
  const at = rows.indexOf(row);
  return [...rows.slice(at + 1), ...rows.slice(0, at)].find(({ status }) => status !== "right");
}

// Answers

/* The right number of a field, and those that a mistake leads to. */
function numbersOf({ field: { kind, node }, steps }) {
  if (kind === "value") return { truth: data[node], value: data[node], contributions: [], locals: [] };
  return {
    truth: gradientOf(node),
    value: data[node],
    contributions: steps.map((number) => contributions[number]),
    locals: steps.map((number) => locals[number]),
  };
}

function check() {
  for (const row of rows) row.judge(numbersOf(row));
  const right = rows.filter(({ status }) => status === "right").length;
  const wrong = [current, ...rows].find(({ status }) => status === "wrong");
  if (isAllRight()) words = tr`All correct!`;
  else if (!right && !wrong) words = tr`Fill in a number first.`;
  else words = [wrong?.complaint, tr`${right} of ${rows.length} are right.`].filter(Boolean).join(" ");
  render();
}

byId("fields").addEventListener("submit", (event) => {
  event.preventDefault();
  check();
  if (!isAllRight()) answer(rows.find(({ status }) => status === "wrong") ?? openAfter(rows.at(-1)));
});

// Numbers

function setLeaves(numbers) {
  numbers.forEach((number, index) => {
    leaves[index] = number;
  });
  compute();
}

/* How many answers and local derivatives are not friendly with some numbers of the leaves; infinite if any number of the
   graph is not finite. */
function unfriendly(numbers) {
  setLeaves(numbers);
  const isFriendly = (size) => size >= drawing.least && size < drawing.most;
  if (fault) return Infinity;
  const answers = rows.map(numbersOf).flatMap(({ truth, locals: derivatives }) => [truth].concat(derivatives));
  return answers.filter((number) => !isFriendly(Math.abs(number))).length;
}

/* Takes the numbers of a seed; those that the page has at first for null. Returns false if the seed has none. */
function useSeed(next) {
  const before = [...leaves];
  const first = variables.map(({ start }) => Number(start));
  const found = next === firstSeed ? first : drawnNumbers(next, drawing, unfriendly);
  setLeaves(found ?? before);
  if (!found) return false;
  seed = next;
  for (const row of rows) row.clear();
  current = rows[0];
  words = "";
  render();
  current.element.scrollIntoView({ block: "nearest" });
  return true;
}

function renew(next) {
  if (!useSeed(next)) say(tr`With the seed ${next}, some number of the graph is not finite. Take another.`);
  byId("seed").value = seed ?? "";
}

byId("renew").addEventListener("click", () => renew(seed === null ? 0 : seed + 1));
byId("seed").max = String(drawing.largestSeed);
byId("seed").value = seed ?? "";
byId("seed").addEventListener("change", () => {
  const { value } = byId("seed");
  const isSeed = isWholeUpTo(value, drawing.largestSeed);
  byId("seed").setAttribute("aria-invalid", String(!isSeed));
  if (isSeed) renew(Number(value));
  else say(tr`A seed is a whole number from 0.`);
});

function say(said) {
  words = said;
  render();
}

const presentation = new Presentation({
  panels: { graph: "g", answers: "a" },
  standard: ["graph", "answers"],
  changed() {
    diagram.camera.present(presentation.isOn, arrange);
    render();
  },
});

const link = new Link(
  {
    seed: {
      get: () => (seed === firstSeed ? null : String(seed)),
      set(text) {
        if (text !== null && !isWholeUpTo(text, drawing.largestSeed)) return false;
        const isFound = useSeed(text === null ? firstSeed : Number(text));
        byId("seed").value = seed ?? "";
        return isFound;
      },
      expected: tr`a whole number from 0 with which the numbers of the graph are finite`,
    },
    present: presentPart(presentation),
  },
  say,
);

listenToKeys({
  "+": () => diagram.zoom(1.25),
  "-": () => diagram.zoom(0.8),
  0: () => diagram.fit(),
  n: () => byId("renew").click(),
  ArrowRight: () => turn(1),
  ArrowLeft: () => turn(-1),
  PageDown: () => turn(1), // these two are the keys of a clicker for slides
  PageUp: () => turn(-1),
  ...presentation.keys,
  Escape: leave,
});
byId("back").addEventListener("click", () => turn(-1));
byId("next").addEventListener("click", () => turn(1));

/* Leaves what is open, one thing at a time. */
function leave() {
  hideTooltip();
  if (isTyping()) document.activeElement.blur();
  else if (presentation.isOn) presentation.toggle();
}

// Showing it all

/* A number as far as it is known: given, or answered rightly. */
function known(kind, node, number) {
  const row = rowOf.get(`${kind} ${node}`);
  if (row) return row.status === "right" ? number : undefined;
  return kind === "value" || asksGradients || isAllRight() ? number : undefined;
}

function renderDiagram() {
  const { kind, node } = current.field;
  const steps = current.steps.map((number) => backward[number]);
  const others = kind === "value" ? nodes[node].operands : steps.map((step) => step.node);
  const uses = new Set(steps.map((step) => `${step.node} ${step.slot}`));
  const isHinted = !current.hint.hidden;
  const wrong = rows.filter(({ status }) => status === "wrong").map(({ field }) => field.node);
  diagram.update({
    ...UNMARKED,
    unknown: "?",
    data: (of) => known("value", of, data[of]),
    gradient: (of) => known("gradient", of, gradientOf(of)),
    marks: { ...UNMARKED.marks, current: new Set([node]), operand: isHinted ? new Set(others) : NO_NODE, warning: new Set(wrong) },
    focus: [[node, ...others.filter((other) => !isBareNumber(nodes[other]))], [node]],
    inUse: (user, slot) => isHinted && (kind === "value" ? user === node : uses.has(`${user} ${slot}`)),
    backward: kind === "gradient",
  });
}

function task() {
  if (!asksGradients) return tr`Fill in the values where the graph has a question mark.`;
  if (!asksValues) return tr`Fill in the gradients where the graph has a question mark.`;
  return tr`Fill in the values where the graph has a question mark, then the gradients.`;
}

function render() {
  const right = rows.filter(({ status }) => status === "right").length;
  setText(byId("phase"), tr`${right} of ${rows.length} right`);
  setText(byId("sentence"), words || task());
  document.body.classList.toggle("in-backward", current.field.kind === "gradient");
  document.body.classList.toggle("without-gradients", !asksGradients && !isAllRight());
  for (const row of rows) row.render(row === current);
  byId("back").disabled = current === rows[0];
  byId("next").disabled = current === rows.at(-1);
  renderDiagram();
  refreshTooltip();
  link.update();
}

/* The graph stands beside the fields or, where it is legible as a whole only so, above them over the whole width, as it does
   while it is presented. */
function arrange() {
  const { camera } = diagram;
  camera.keepInSight(() => {
    if (presentation.isOn) {
      camera.measure();
      return;
    }
    const scales = [false, true].map((isWide) => {
      setClass(document.body, "wide", isWide);
      if (isWide) giveHeight();
      camera.measure();
      return camera.scaleOf(diagram.layout.size);
    });
    setClass(document.body, "wide", scales[0] < camera.readableScale && scales[1] >= camera.readableScale);
    camera.measure();
  });
}

/* The height at which a graph fills the width, but no more than half of the page. */
function giveHeight() {
  const main = document.querySelector("main");
  const [width, height] = diagram.layout.size;
  const heading = document.querySelector("#graph .heading").offsetHeight;
  const filling = (height * main.clientWidth) / width + heading + ROOM_AROUND;
  main.style.setProperty("--graph-height", `${Math.ceil(Math.min(filling, main.clientHeight / 2))}px`);
}

printOnPaper(diagram);
byId("phase").after(byId("tools"));
byId("fields").append(...rows.map(({ element }) => element));
compute();
arrange();
render();
window.addEventListener("resize", () => requestAnimationFrame(arrange));
if (location.hash) link.restore();
