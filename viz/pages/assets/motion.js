/* Motion that explains a step: the numbers travel along its edges, and land on the number that they change. */
import { setAttribute, setClass, setText, svg } from "./dom.js";
import { before, contributions, data, isProduct, locals, nodes, upstream } from "./graph.js";
import { showNumber } from "./numbers.js";
import { backwardNumber, currentStep, forwardStep, isBackward } from "./steps.js";

const LONGEST = 1500; // milliseconds: a step that is shown for less time does not move
const TRAVEL = 450; // milliseconds along an edge, or along half of one
const PAUSE = 500; // milliseconds in the middle, where a product can be read
const LANDING = 200; // milliseconds from the end of an edge to the number in its box
const LETTER = 9; // points for each character of a number in motion
const MOST_MOVING = 300; // in a picture that is painted again for every frame
const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

/* The parts of a journey in order, each { text, from, to, time }: the positions are shares of the edge, or LANDED. */
const LANDED = null;
const straight = (text) => [
  { text, from: 0, to: 1, time: TRAVEL },
  { text, from: 1, to: LANDED, time: LANDING },
];

function throughProduct(number) {
  const contribution = showNumber(contributions[number]);
  const factors = `${showNumber(upstream(number))} × ${showNumber(locals[number])}`;
  const added = before(number) === undefined ? contribution : `+ ${contribution}`;
  return [
    { text: showNumber(upstream(number)), from: 1, to: 0.5, time: TRAVEL },
    { text: `${isProduct(number) ? factors : "not taken"} = ${contribution}`, from: 0.5, to: 0.5, time: PAUSE },
    { text: added, from: 0.5, to: 0, time: TRAVEL },
    { text: added, from: 0, to: LANDED, time: LANDING },
  ];
}

export class Motion {
  constructor(diagram) {
    this.diagram = diagram;
    this.journeys = []; // that are under way
    this.landing = null; // the text that waits for them
  }

  get isUnderWay() {
    return this.journeys.length > 0;
  }

  /* Shows the current step as motion if it will be shown for long enough, in milliseconds. */
  start(time) {
    const isHurried = this.isUnderWay; // the reader moves on before the numbers have arrived
    this.stop();
    if (time < LONGEST || isHurried || reducedMotion.matches || this.diagram.boxes.size > MOST_MOVING) return;
    const step = currentStep();
    if (!step) return;
    const { texts } = this.diagram.boxes.get(this.diagram.boxOf.get(isBackward() ? step.operand : step.node));
    this.landing = (isBackward() ? texts.gradient : texts.value) ?? null;
    if (!this.landing) return; // a fold that shows no number
    this.journeys = this.journeysOfStep();
    if (!this.isUnderWay) return;
    setClass(this.landing, "awaited", true);
    setClass(this.diagram.scene, "in-motion", isBackward());
    this.diagram.scene.append(...this.journeys.map(({ number }) => number));
    this.move(performance.now());
  }

  journeysOfStep() {
    const step = forwardStep();
    const found = [];
    for (const { line, uses } of this.diagram.arrows) {
      const use = uses.find(([node, slot]) => (step ? node === step.node : this.isCurrent(node, slot)));
      if (!use) continue;
      const [node, slot] = use;
      const parts = step ? straight(showNumber(data[nodes[node].operands[slot]])) : throughProduct(backwardNumber());
      found.push({ line, length: line.getTotalLength(), parts, landing: this.landing, ...movingNumber() });
    }
    return found;
  }

  isCurrent(node, slot) {
    const step = currentStep();
    return step !== null && step.node === node && step.slot === slot;
  }

  move(start) {
    this.frame = requestAnimationFrame((now) => {
      if (!this.landing.isConnected || this.journeys.map((journey) => place(journey, now - start)).every(Boolean)) {
        this.stop();
      } else this.move(start);
    });
  }

  stop() {
    cancelAnimationFrame(this.frame);
    for (const { number } of this.journeys) number.remove();
    this.journeys = [];
    if (this.landing) setClass(this.landing, "awaited", false);
    this.landing = null;
    setClass(this.diagram.scene, "in-motion", false);
  }
}

function movingNumber() {
  const plate = svg("rect", { y: -10, height: 20, rx: 4 });
  const text = svg("text", { y: 5, "text-anchor": "middle" });
  const kind = isBackward() ? "traveller backward" : "traveller";
  return { number: svg("g", { class: kind, "aria-hidden": "true" }, plate, text), plate, text };
}

/* The point of a journey at a share of its edge, or where it ends. */
function pointOf({ line, length, landing }, share) {
  if (share !== LANDED) return line.getPointAtLength(length * share);
  return { x: Number(landing.getAttribute("x")), y: Number(landing.getAttribute("y")) - 4 };
}

/* Places the number of a journey where it is after some milliseconds; returns whether it has arrived. */
function place(journey, elapsed) {
  let left = Math.max(0, elapsed);
  for (const part of journey.parts) {
    if (left < part.time) {
      placeIn(journey, part, left / part.time);
      return false;
    }
    left -= part.time;
  }
  return true;
}

/* Places the number of a journey within one of its parts; `share` is how much of its time has passed. */
function placeIn(journey, { text, from, to }, share) {
  const eased = share * share * (3 - 2 * share);
  const mixed = (a, b) => a + (b - a) * eased;
  let point;
  if (to === LANDED) {
    const [start, end] = [pointOf(journey, from), pointOf(journey, to)];
    point = { x: mixed(start.x, end.x), y: mixed(start.y, end.y) };
  } else point = pointOf(journey, mixed(from, to));
  setAttribute(journey.number, "transform", `translate(${point.x.toFixed(1)} ${point.y.toFixed(1)})`);
  setText(journey.text, text);
  const width = text.length * LETTER + 8;
  setAttribute(journey.plate, "width", String(width));
  setAttribute(journey.plate, "x", String(-width / 2));
}
