/* The outputs of the model while it trains, for models that do not have two inputs: over the line of one, or by sample. */
import { Chart, limitsOf } from "./chart.js";
import { setAttribute, setClass, svg } from "./dom.js";
import { classes, inputs, classOf, outcomeOf, outputsFor, points, threshold } from "./live_state.js";
import { placeShape, shapeOf, sizeOf } from "./marker_shapes.js";
import { tr } from "./words.js";

const POINTS = 150; // of a curve

const isLine = inputs === 1;
const hasMargin = classes.length > 0 && threshold === null;

/* The height of a sample: its first output; or of several classes, the margin of the correct one. */
function heightOf(sample) {
  const values = Array.from(outcomeOf(sample).subarray(1));
  if (!hasMargin) return values[0];
  const label = classOf(sample.y);
  return values[label] - Math.max(...values.filter((_, n) => n !== label));
}

export class LiveOutputs {
  constructor(host, { choose }) {
    this.chosen = 0;
    const description = tr`The model's output for each sample`;
    const names = [isLine ? "x1" : tr`sample`, hasMargin ? tr`margin of the correct class` : tr`output`];
    this.chart = new Chart(host, { x: [0, 1], y: [0, 1], names, description, isCounted: !isLine });
    this.curve = svg("path", { class: "curve" });
    this.border = svg("path", { class: "boundary" });
    this.gaps = svg("path", { class: "gap" });
    this.shapes = svg("g");
    this.ring = svg("g", { class: "ring", "aria-hidden": "true" }, svg("circle", { class: "halo", r: 13 }), svg("circle", { r: 13 }));
    this.chart.content.append(this.border, this.gaps, this.curve, this.shapes, this.ring);
    this.shapes.addEventListener("click", ({ target }) => choose(Number(target.dataset.sample)));
    this.cover();
    this.chart.onResize(() => this.render());
  }

  cover() {
    this.chart.limits.x = isLine ? limitsOf(points.map(({ x }) => x[0]), 0.1) : limitsOf([1, points.length], 0.05);
    this.shapes.replaceChildren(
      ...points.map(({ y }, number) => {
        const shape = shapeOf(classOf(y));
        shape.dataset.sample = String(number);
        return shape;
      }),
    );
    this.fit();
  }

  /* Fits the axis to the outputs and the targets, when they leave it. */
  fit() {
    const heights = points.flatMap((sample) => [heightOf(sample), hasMargin ? 0 : sample.y[0]]).filter(Number.isFinite);
    const [low, high] = this.chart.limits.y;
    const [least, most] = limitsOf(heights, 0);
    if (least >= low && most <= high && most - least > (high - low) / 4) return;
    this.chart.limits.y = limitsOf(heights, 0.15);
    if (this.chart.left !== undefined) this.chart.measure();
  }

  placePoints() {
    this.cover();
  }

  choose(number) {
    this.chosen = number;
    [...this.shapes.children].forEach((shape, n) => setClass(shape, "chosen", n === number));
    const place = this.shapes.children[number]?.getAttribute("transform");
    if (place) setAttribute(this.ring, "transform", place);
  }

  render() {
    const { chart } = this;
    if (chart.left === undefined) return;
    this.fit();
    const size = sizeOf(points.length, Math.min(chart.right - chart.left, chart.bottom - chart.top));
    const marksOutputs = classes.length > 0 || !isLine;
    let gaps = "";
    points.forEach((sample, number) => {
      const x = chart.x(isLine ? sample.x[0] : number + 1);
      const [output, target] = [chart.y(heightOf(sample)), chart.y(hasMargin ? 0 : sample.y[0])];
      if (Number.isFinite(output)) {
        placeShape(this.shapes.children[number], x, marksOutputs ? output : target, size);
        gaps += `M${x} ${target}V${output}`;
      }
    });
    setAttribute(this.gaps, "d", gaps);
    this.choose(this.chosen);
    const border = hasMargin ? 0 : threshold;
    if (border !== null) setAttribute(this.border, "d", `M${chart.left} ${chart.y(border)}H${chart.right}`);
    if (isLine && !hasMargin) setAttribute(this.curve, "d", chart.path(this.curvePoints()));
  }

  curvePoints() {
    const [low, high] = this.chart.limits.x;
    return Array.from({ length: POINTS + 1 }, (_, n) => {
      const x = low + (n / POINTS) * (high - low);
      return [x, outputsFor([x])[0]];
    });
  }
}
