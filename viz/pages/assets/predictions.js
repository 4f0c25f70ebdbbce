/* The model's prediction for each sample, for models that do not have two inputs. */
import { Chart, limitsOf } from "./chart.js";
import { setAttribute, svg } from "./dom.js";
import { buildMarkers, placeMarker } from "./markers.js";
import { Ring } from "./ring.js";
import { classes, labels, marginsOf, outputsOf, predictions, predictionsAt } from "./training.js";
import { recorded, samples, targets, threshold } from "./training.js";
import { tr } from "./words.js";

const POINTS = 200; // of a curve

const isLine = samples[0].length === 1;
const hasMargins = classes.length > 0 && threshold === null;
const border = hasMargins ? 0 : threshold; // where the decision changes

/* The height that represents the outputs: for several classes, the margin of the correct one. */
function heightOf(outputs, number) {
  return hasMargins ? marginsOf(outputs)[labels[number]] : outputs[0];
}

/* Whether the markers are at the predictions; otherwise they are at the targets. */
const marksPredictions = classes.length > 0 && !(isLine && !hasMargins);

export class Predictions {
  /* Fills `host`; pressing a sample calls `choose` with its number. */
  constructor(host, choose) {
    const heights = [0, recorded.length - 1].flatMap((index) => predictionsAt(index).map(heightOf));
    const wanted = hasMargins ? [0] : targets.map(([target]) => target);
    this.chart = new Chart(host, {
      x: isLine ? limitsOf(samples.flat(), 0.1) : limitsOf([1, samples.length], 0.05),
      y: limitsOf([...heights, ...wanted], 0.1),
      names: [isLine ? "x1" : tr`sample`, hasMargins ? tr`margin of the correct class` : tr`output`],
      description: tr`The model's prediction for each sample`,
      isCounted: !isLine,
    });
    this.curve = svg("path", { class: "curve" });
    this.border = svg("path", { class: "boundary" });
    this.gaps = samples.map(() => svg("path", { class: "gap" }));
    this.markers = buildMarkers(choose);
    this.ring = new Ring(this.markers);
    this.chart.content.append(this.border, this.curve, ...this.gaps, ...this.markers, this.ring.element);
    this.chart.onResize(() => this.render());
  }

  render() {
    const { chart } = this;
    if (chart.left === undefined) return; // not measured yet
    this.markers.forEach((shape, number) => {
      const x = chart.x(isLine ? samples[number][0] : number + 1);
      const prediction = chart.y(heightOf(predictions[number], number));
      const target = chart.y(targets[number][0]);
      placeMarker(shape, x, marksPredictions ? prediction : target);
      const gap = marksPredictions || !Number.isFinite(prediction) ? "" : `M${x} ${target}V${prediction}`;
      setAttribute(this.gaps[number], "d", gap);
    });
    this.ring.follow();
    if (border !== null) setAttribute(this.border, "d", `M${chart.left} ${chart.y(border)}H${chart.right}`);
    if (isLine && !hasMargins) setAttribute(this.curve, "d", chart.path(this.curvePoints()));
  }

  curvePoints() {
    const [low, high] = this.chart.limits.x;
    return Array.from({ length: POINTS + 1 }, (_, n) => {
      const x = low + (n / POINTS) * (high - low);
      return [x, outputsOf([x])[0]];
    });
  }

  choose(number) {
    this.ring.choose(number);
  }
}
