/* The loss of every epoch, with the current epoch marked; pressing the curve moves to another epoch. */
import { Chart, limitsOf, spansDecades } from "./chart.js";
import { byId, setAttribute, svg } from "./dom.js";
import { curveOf, epochs, meanLoss, training } from "./training.js";
import { tr } from "./words.js";

const curve = curveOf(training.curve);
const validation = curveOf(training.validation);

const SLACK = 0.06; // above and below the curve, as a share of its range

/* The ends of a linear axis for some losses: not below 0, unless one is negative. */
function linearLimits(all) {
  const [low, high] = limitsOf(all, SLACK);
  return [low > 0 || all.some((y) => y < 0) ? low : 0, high];
}

export class Losses {
  /* Fills `host`; pressing it calls `go` with the index of a recorded epoch. */
  constructor(host, go) {
    const all = [...curve, ...validation].map(([, y]) => y);
    const isLogarithmic = spansDecades(all);
    this.chart = new Chart(host, {
      x: [0, epochs.at(-1) || 1],
      y: isLogarithmic ? limitsOf(all.map(Math.log10), SLACK).map((power) => 10 ** power) : linearLimits(all),
      names: [tr`epoch`, isLogarithmic ? tr`loss (log)` : tr`loss`],
      description: tr`The loss of each epoch`,
      isLogarithmic,
      isCounted: true,
    });
    this.line = svg("path", { class: "curve" });
    this.dashes = svg("path", { class: "curve dashed" });
    this.now = svg("path", { class: "now" });
    this.dot = svg("circle", { class: "dot", r: 6 });
    this.chart.content.append(this.now, this.line, this.dashes, this.dot);
    byId("of-validation").hidden = !validation.length;
    this.listen(host, go);
    this.chart.onResize(() => {
      setAttribute(this.line, "d", this.chart.path(curve));
      setAttribute(this.dashes, "d", this.chart.path(validation));
      this.render();
    });
  }

  /* Pressing or dragging moves to the nearest recorded epoch. */
  listen(host, go) {
    const follow = (event) => {
      const epoch = this.chart.xUnder(event);
      const nearer = (best, at, index) => (Math.abs(at - epoch) < Math.abs(epochs[best] - epoch) ? index : best);
      go(epochs.reduce(nearer, 0));
    };
    host.addEventListener("pointerdown", (event) => {
      host.setPointerCapture(event.pointerId);
      follow(event);
    });
    host.addEventListener("pointermove", (event) => host.hasPointerCapture(event.pointerId) && follow(event));
  }

  /* Marks the recorded epoch with this index. */
  mark(index) {
    this.index = index;
    this.render();
  }

  render() {
    const { chart } = this;
    if (chart.left === undefined || this.index === undefined) return;
    const x = chart.x(epochs[this.index]);
    setAttribute(this.now, "d", `M${x} ${chart.top}V${chart.bottom}`);
    setAttribute(this.dot, "cx", String(x));
    const y = Math.min(chart.bottom, Math.max(chart.top, chart.y(meanLoss)));
    setAttribute(this.dot, "cy", Number.isFinite(y) ? String(y) : undefined);
  }
}
