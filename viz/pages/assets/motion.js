/* Motion that explains a step: the numbers travel beside its edges, and turn into the number that they change. They cover
   neither the boxes of the step nor its edges, and pass behind all other boxes. */
import { setAttribute, setClass, setText, svg } from "./dom.js";
import { before, contributions, data, isProduct, locals, nodes, upstream } from "./graph.js";
import { showNumber } from "./numbers.js";
import { backwardNumber, currentStep, forwardStep, isBackward } from "./steps.js";
import { tr } from "./words.js";

const LONGEST = 1500; // milliseconds: a step that is shown for less time does not move
const TRAVEL = 450; // milliseconds along an edge, or along half of one
const PAUSE = 500; // milliseconds in the middle, where a product can be read
const LANDING = 200; // milliseconds in which a number at the end of its edge turns into the one in the box
const LETTER = 9; // points for each character of a number in motion
const HEIGHT = 20; // points of its plate
const BESIDE = 6; // points from an edge to a number in motion, and from a box
const STONE = 10; // points along an edge from one rectangle to the next that stand for it
const FAINT = 0.15; // how much of a number is seen that waits for another
const MOST_MOVING = 300; // in a picture that is painted again for every frame
const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

/* The parts of a journey in order, each { text, from, to, time, lands }: the positions are shares of the edge. */
const straight = (text) => [
  { text, from: 0, to: 1, time: TRAVEL },
  { text, from: 1, to: 1, time: LANDING, lands: true },
];

function throughProduct(number) {
  const contribution = showNumber(contributions[number]);
  const factors = `${showNumber(upstream(number))} × ${showNumber(locals[number])}`;
  const added = before(number) === undefined ? contribution : `+ ${contribution}`;
  return [
    { text: showNumber(upstream(number)), from: 1, to: 0.5, time: TRAVEL },
    { text: `${isProduct(number) ? factors : tr`not taken`} = ${contribution}`, from: 0.5, to: 0.5, time: PAUSE },
    { text: added, from: 0.5, to: 0, time: TRAVEL },
    { text: added, from: 0, to: 0, time: LANDING, lands: true },
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
    this.diagram.scene.querySelector(".boxes").before(...this.journeys.map(({ number }) => number));
    this.move(performance.now());
  }

  journeysOfStep() {
    const step = forwardStep();
    const found = [];
    for (const { line, uses, ends } of this.diagram.arrows) {
      const use = uses.find(([node, slot]) => (step ? node === step.node : this.isCurrent(node, slot)));
      if (!use) continue;
      const [node, slot] = use;
      const parts = step ? straight(showNumber(data[nodes[node].operands[slot]])) : throughProduct(backwardNumber());
      const [tail, head] = ends.map((box) => this.diagram.boxes.get(box).rectangle);
      const { diagram, landing } = this;
      found.push({ line, length: line.getTotalLength(), parts, tail, head, diagram, landing, side: -1, ...movingNumber() });
    }
    const arrival = ({ line, length }) => line.getPointAtLength(length).y;
    found.sort((a, b) => arrival(a) - arrival(b));
    for (const journey of found.slice(Math.ceil(found.length / 2))) journey.side = 1; // below their edges, not above
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
    if (this.landing) {
      setClass(this.landing, "awaited", false);
      this.landing.style.opacity = "";
    }
    this.landing = null;
    setClass(this.diagram.scene, "in-motion", false);
  }
}

function movingNumber() {
  const plate = svg("rect", { height: HEIGHT, rx: 4 });
  const text = svg("text", { "text-anchor": "middle", lengthAdjust: "spacingAndGlyphs" });
  return { number: svg("g", { class: "traveller", "aria-hidden": "true" }, plate, text), plate, text };
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
function placeIn(journey, part, share) {
  const eased = share * share * (3 - 2 * share);
  const along = part.from + (part.to - part.from) * eased;
  const point = journey.line.getPointAtLength(journey.length * along);
  const [width, { left, top }] = besideEdge(journey, part, point);
  const [x, y] = [left - point.x, top - point.y];
  setAttribute(journey.number, "transform", `translate(${point.x.toFixed(1)} ${point.y.toFixed(1)})`);
  setText(journey.text, part.text);
  setAttribute(journey.text, "textLength", part.text.length * LETTER > width - 8 ? String(width - 8) : undefined);
  setAttribute(journey.text, "x", (x + width / 2).toFixed(1));
  setAttribute(journey.text, "y", (y + 15).toFixed(1));
  setAttribute(journey.plate, "width", String(width));
  setAttribute(journey.plate, "x", x.toFixed(1));
  setAttribute(journey.plate, "y", y.toFixed(1));
  if (!part.lands) return;
  setAttribute(journey.number, "opacity", (1 - eased).toFixed(2));
  journey.landing.style.opacity = (FAINT + (1 - FAINT) * eased).toFixed(2);
}

/* Rectangles along a line, so close that nothing fits between two of them. */
function stonesAlong(line, length) {
  const count = Math.ceil(length / STONE) || 1;
  return Array.from({ length: count + 1 }, (_, n) => {
    const { x, y } = line.getPointAtLength((n / count) * length);
    return { left: x - 2, top: y - 2, right: x + 2, bottom: y + 2 };
  });
}

/* The width of the number of a journey, and its left and top beside a point of the edge. What moves stays between the two
   boxes, in narrower letters if there is little room; what stands still stands where no box is. */
function besideEdge({ line, length, tail, head, diagram, side }, part, point) {
  const full = part.text.length * LETTER + 8;
  if (part.from === part.to && !part.lands) {
    part.place ??= diagram.placeNear([full, HEIGHT], [point.x, point.y], stonesAlong(line, length));
    return [full, part.place];
  }
  const [start, end] = [tail[0] + tail[2] + BESIDE, head[0] - BESIDE];
  const isBetween = end > start; // not from one row to the next
  const width = isBetween ? Math.min(full, end - start) : full;
  const top = side < 0 ? point.y - BESIDE - HEIGHT : point.y + BESIDE;
  const isAt = (box) => top < box[1] + box[3] && top + HEIGHT > box[1];
  let left = point.x - width / 2;
  if (isBetween || isAt(tail)) left = Math.max(left, start);
  if (isBetween || isAt(head)) left = Math.min(left, end - width);
  return [width, { left, top }];
}
