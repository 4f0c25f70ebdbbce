/* What the model answers for each sample, where there is no plane to show it over: in one dimension, or in many. */
import { Chart, limitsOf } from "./chart.js";
import { drawn, setAttribute } from "./dom.js";
import { buildMarkers, placeMarker } from "./markers.js";
import { answers, answersAt, classes, labels, marginsOf, outputsOf, recorded, samples, targets } from "./training.js";

const POINTS = 200; // of a curve

const isLine = samples[0].length === 1;
const shareOfClasses = classes.length > 2 || (classes.length && targets[0].length > 1);

/* What stands for some outputs: of those for several classes, by how much that of the right one leads. */
function heightOf(outputs, number) {
  return shareOfClasses ? marginsOf(outputs)[labels[number]] : outputs[0];
}

export class Answers {
  /* Fills `host`; a sample that is pressed is told to `choose`. */
  constructor(host, choose) {
    const heights = [0, recorded.length - 1].flatMap((at) => answersAt(at).map(heightOf));
    const wanted = shareOfClasses ? [0] : targets.map(([target]) => target);
    this.chart = new Chart(host, {
      x: isLine ? limitsOf(samples.flat(), 0.1) : limitsOf([1, samples.length], 0.05),
      y: limitsOf([...heights, ...wanted], 0.1),
      names: [isLine ? "x1" : "sample", shareOfClasses ? "lead of the right class" : "output"],
      says: "The model's answer for each sample",
    });
    this.curve = drawn("path", { class: "curve" });
    this.zero = drawn("path", { class: "boundary" });
    this.gaps = samples.map(() => drawn("path", { class: "gap" }));
    this.markers = buildMarkers(choose);
    this.chart.content.append(this.zero, this.curve, ...this.gaps, ...this.markers);
    this.chart.onResize(() => this.render());
  }

  /* Markers stand at the targets, and lines lead to the answers; for several classes, at the answers. */
  render() {
    const { chart } = this;
    if (chart.left === undefined) return; // not measured yet
    const xOf = (number) => chart.x(isLine ? samples[number][0] : number + 1);
    this.markers.forEach((shape, number) => {
      const height = heightOf(answers[number], number);
      placeMarker(shape, xOf(number), chart.y(shareOfClasses ? height : targets[number][0]));
      if (shareOfClasses || !Number.isFinite(height)) return;
      setAttribute(this.gaps[number], "d", `M${xOf(number)} ${chart.y(targets[number][0])}V${chart.y(height)}`);
    });
    if (shareOfClasses) setAttribute(this.zero, "d", `M${chart.left} ${chart.y(0)}H${chart.right}`);
    else if (isLine) setAttribute(this.curve, "d", chart.path(this.curvePoints()));
  }

  curvePoints() {
    const [low, high] = this.chart.limits.x;
    return Array.from({ length: POINTS + 1 }, (_, n) => {
      const x = low + (n / POINTS) * (high - low);
      return [x, outputsOf([x])[0]];
    });
  }

  choose(number) {
    this.markers.forEach((shape, other) => shape.classList.toggle("chosen", other === number));
  }
}
