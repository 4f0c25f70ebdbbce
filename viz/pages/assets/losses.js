/* The loss, epoch by epoch, with the epoch that is shown; pressing the curve goes to another. */
import { Chart, limitsOf } from "./chart.js";
import { drawn, element, setAttribute } from "./dom.js";
import { curveOf, epochs, meanLoss, training } from "./training.js";

const curve = curveOf(training.curve);
const validation = curveOf(training.validation);

export class Losses {
  /* Fills `host`; the place among the epochs that is pressed is told to `go`. */
  constructor(host, go) {
    const [low, high] = limitsOf([...curve, ...validation].map(([, y]) => y), 0.06);
    this.chart = new Chart(host, {
      x: [0, epochs.at(-1) || 1],
      y: [low > 0 || curve.some(([, y]) => y < 0) ? low : 0, high],
      names: ["epoch", "loss"],
      says: "The loss of each epoch",
    });
    this.line = drawn("path", { class: "curve" });
    this.dashes = drawn("path", { class: "curve dashed" });
    this.now = drawn("path", { class: "now" });
    this.dot = drawn("circle", { class: "dot", r: 6 });
    this.chart.content.append(this.now, this.line, this.dashes, this.dot);
    element("of-validation").hidden = !validation.length;
    this.listen(host, go);
    this.chart.onResize(() => {
      setAttribute(this.line, "d", this.chart.path(curve));
      setAttribute(this.dashes, "d", this.chart.path(validation));
      this.render();
    });
  }

  /* A press, and moving with it, go to the nearest epoch there is. */
  listen(host, go) {
    const follow = (event) => {
      const epoch = this.chart.xUnder(event);
      const nearest = (best, at, place) => (Math.abs(at - epoch) < Math.abs(epochs[best] - epoch) ? place : best);
      go(epochs.reduce(nearest, 0));
    };
    host.addEventListener("pointerdown", (event) => {
      host.setPointerCapture(event.pointerId);
      follow(event);
    });
    host.addEventListener("pointermove", (event) => host.hasPointerCapture(event.pointerId) && follow(event));
  }

  /* Marks the epoch at a place among those recorded. */
  mark(at) {
    this.place = at;
    this.render();
  }

  render() {
    const { chart } = this;
    if (chart.left === undefined || this.place === undefined) return;
    const x = chart.x(epochs[this.place]);
    setAttribute(this.now, "d", `M${x} ${chart.top}V${chart.bottom}`);
    setAttribute(this.dot, "cx", String(x));
    const y = Math.min(chart.bottom, Math.max(chart.top, chart.y(meanLoss)));
    setAttribute(this.dot, "cy", Number.isFinite(y) ? String(y) : undefined);
  }
}
