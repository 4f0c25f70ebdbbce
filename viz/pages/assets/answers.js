/* What the model answers for each sample, where there is no plane to show it over: in one dimension, or in many. */
import { Chart, limitsOf } from "./chart.js";
import { drawn, setAttribute } from "./dom.js";
import { buildMarkers, placeMarker } from "./markers.js";
import { answers, answersAt, classes, labels, marginsOf } from "./training.js";
import { outputsOf, recorded, samples, targets, threshold } from "./training.js";

const POINTS = 200; // of a curve

const isLine = samples[0].length === 1;
const hasLeads = classes.length > 0 && threshold === null;
const border = hasLeads ? 0 : threshold; // on which the decision changes

/* What stands for some outputs: of those for several classes, by how much that of the right one leads. */
function heightOf(outputs, number) {
  return hasLeads ? marginsOf(outputs)[labels[number]] : outputs[0];
}

/* Whether markers stand at the answers, not at the targets. */
const showsAnswers = classes.length > 0 && !(isLine && !hasLeads);

export class Answers {
  /* Fills `host`; a sample that is pressed is told to `choose`. */
  constructor(host, choose) {
    const heights = [0, recorded.length - 1].flatMap((at) => answersAt(at).map(heightOf));
    const wanted = hasLeads ? [0] : targets.map(([target]) => target);
    this.chart = new Chart(host, {
      x: isLine ? limitsOf(samples.flat(), 0.1) : limitsOf([1, samples.length], 0.05),
      y: limitsOf([...heights, ...wanted], 0.1),
      names: [isLine ? "x1" : "sample", hasLeads ? "lead of the right class" : "output"],
      says: "The model's answer for each sample",
    });
    this.curve = drawn("path", { class: "curve" });
    this.border = drawn("path", { class: "boundary" });
    this.gaps = samples.map(() => drawn("path", { class: "gap" }));
    this.markers = buildMarkers(choose);
    this.chart.content.append(this.border, this.curve, ...this.gaps, ...this.markers);
    this.chart.onResize(() => this.render());
  }

  render() {
    const { chart } = this;
    if (chart.left === undefined) return; // not measured yet
    this.markers.forEach((shape, number) => {
      const x = chart.x(isLine ? samples[number][0] : number + 1);
      const answer = chart.y(heightOf(answers[number], number));
      const target = chart.y(targets[number][0]);
      placeMarker(shape, x, showsAnswers ? answer : target);
      const gap = showsAnswers || !Number.isFinite(answer) ? "" : `M${x} ${target}V${answer}`;
      setAttribute(this.gaps[number], "d", gap);
    });
    if (border !== null) setAttribute(this.border, "d", `M${chart.left} ${chart.y(border)}H${chart.right}`);
    if (isLine && !hasLeads) setAttribute(this.curve, "d", chart.path(this.curvePoints()));
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
