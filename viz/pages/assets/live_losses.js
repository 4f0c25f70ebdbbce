/* The losses of all epochs so far, of the training and of the held-out samples; the axes grow with them. */
import { Chart } from "./chart.js";
import { byId, setAttribute, svg } from "./dom.js";
import { tr } from "./words.js";

const FIRST_EPOCHS = 20; // on the axis at least
const SMALLEST = 1e-12; // on a logarithmic axis, where smaller losses are drawn

/* The next of 1, 2, 5, 10, ... that is not below a number. */
function roundedUp(number) {
  const power = 10 ** Math.floor(Math.log10(number));
  return power * [1, 2, 5, 10].find((digit) => digit * power >= number);
}

export class LiveLosses {
  constructor(host) {
    this.host = host;
    this.points = [];
    this.now = [0, NaN];
    this.build(true);
  }

  /* Makes the chart, with an axis that is logarithmic unless losses are 0, before others come near it, or negative. */
  build(isLogarithmic) {
    this.isLogarithmic = isLogarithmic;
    this.chart?.svg.remove();
    this.chart = new Chart(this.host, {
      x: [0, FIRST_EPOCHS],
      y: [0.1, 1],
      names: [tr`epoch`, isLogarithmic ? tr`loss (log)` : tr`loss`],
      description: tr`The loss of each epoch`,
      isLogarithmic,
      isCounted: true,
      room: { x: 4.5, y: 1.9 },
    });
    this.line = svg("path", { class: "curve" });
    this.dashes = svg("path", { class: "curve dashed" });
    this.dot = svg("circle", { class: "dot", r: 6 });
    this.chart.content.append(this.dashes, this.line, this.dot);
    this.chart.onResize(() => this.draw());
  }

  /* Shows points (epoch, loss, loss of held-out samples), and marks the loss `now` with the weights after `epoch`. */
  render(points, epoch, now) {
    this.points = points;
    this.now = [epoch, now];
    const losses = [now, ...points.flatMap(([, loss, held]) => [loss, held])].filter(Number.isFinite);
    const least = losses.reduce((a, b) => Math.min(a, b), Infinity);
    const isPositive = least > 0 || (least === 0 && losses.some((loss) => loss > 0 && loss <= SMALLEST));
    if (isPositive !== this.isLogarithmic) this.build(isPositive);
    byId("of-held-out").hidden = !points.some(([, , held]) => Number.isFinite(held));
    const [low, high] = [Math.min, Math.max].map((pick) => losses.reduce((a, b) => pick(a, b), losses[0] ?? 1));
    const x = [0, roundedUp(Math.max(FIRST_EPOCHS, epoch))];
    const half = (number, round) => 10 ** (round(2 * Math.log10(number)) / 2);
    const y = isPositive
      ? [half(Math.max(low, SMALLEST) / 1.05, Math.floor), half(Math.max(high, SMALLEST) * 1.05, Math.ceil)]
      : [low < 0 ? -roundedUp(-low) : 0, roundedUp(Math.max(high, SMALLEST))];
    const { limits } = this.chart;
    if (`${[limits.x, limits.y]}` !== `${[x, y]}`) {
      this.chart.limits = { x, y };
      if (this.chart.left !== undefined) this.chart.measure();
    }
    this.draw();
  }

  draw() {
    if (this.chart.left === undefined) return;
    const shown = (loss) => (this.isLogarithmic && loss < SMALLEST ? SMALLEST : loss); // nan stays a gap
    setAttribute(this.line, "d", this.chart.path(this.points.map(([at, loss]) => [at, shown(loss)])));
    const held = this.points.filter(([, , loss]) => Number.isFinite(loss)).map(([at, , loss]) => [at + 1, shown(loss)]);
    setAttribute(this.dashes, "d", this.chart.path(held));
    const [epoch, now] = this.now;
    const isShown = Number.isFinite(now);
    setAttribute(this.dot, "visibility", isShown ? "visible" : "hidden");
    if (!isShown) return;
    setAttribute(this.dot, "cx", this.chart.x(epoch).toFixed(1));
    setAttribute(this.dot, "cy", this.chart.y(shown(now)).toFixed(1));
  }
}
