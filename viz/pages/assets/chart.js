/* A plane with two axes, in which other views draw. */
import { svg } from "./dom.js";
import { superscript, typeset } from "./numbers.js";

const AROUND = { left: 2.4, right: 1.3, top: 0.7, bottom: 2.7 }; // the margins, in em, without the numbers on the left
const ROOM = { x: 4.5, y: 2.6 }; // from tick to tick, in em
const DIGIT = 0.65; // the width of a digit, in em
const TO_BORDER = 0.4; // from the last label to the edge of the card, in em
// Multiples of powers of ten on a logarithmic axis, and how near to each other they come, in powers of ten
const MULTIPLES = [[0.146, [1, 2, 3, 5, 7]], [0.301, [1, 2, 5]], [0.477, [1, 3]]];

/* Round numbers between two ends, about `most` of them, at least `least` apart. */
function ticksOf([low, high], most, least = 0) {
  const raw = Math.max(least, (high - low) / Math.max(1, most));
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * [1, 2, 5, 10].find((digit) => digit * power >= raw * 0.999);
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, n) => Number(((first + n) * step).toPrecision(12)));
}

/* Powers of ten between two positive ends, and multiples of them where there is room: about `most` fill the axis. */
function powersOf([low, high], most) {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const count = Math.floor(Math.log10(high) + 1e-9) - first + 1;
  const room = Math.log10(high / low) / Math.max(1, most); // from tick to tick, in powers of ten
  const stride = Math.ceil(Math.max(1, room - 1e-9));
  const powers = Array.from({ length: Math.ceil(count / stride) }, (_, n) => Number(`1e${first + n * stride}`));
  const [, digits] = MULTIPLES.find(([nearest]) => nearest >= room) ?? [];
  if (!digits) return powers;
  const between = [Number(`1e${first - 1}`), ...powers].flatMap((power) => digits.map((digit) => digit * power));
  return between.map((at) => Number(at.toPrecision(12))).filter((at) => at >= low && at <= high);
}

/* A number on an axis. */
function labelOf(at) {
  if (at === 0 || (Math.abs(at) >= 1e-4 && Math.abs(at) < 1e6)) return typeset(at.toLocaleString("en", { maximumFractionDigits: 12 }));
  const [digits, power] = at.toExponential().split("e").map(Number);
  return `${digits === 1 ? "" : `${typeset(String(digits))}·`}10${superscript(power)}`;
}

/* Whether some numbers need a logarithmic axis: they are positive, and the largest is 100 times the smallest. */
export function spansDecades(numbers) {
  const finite = numbers.filter(Number.isFinite);
  const [low, high] = [Math.min, Math.max].map((pick) => finite.reduce((a, b) => pick(a, b), finite[0]));
  return low > 0 && high >= 100 * low;
}

/* The ends of an axis for some numbers, with `share` of their range as a margin. */
export function limitsOf(numbers, share) {
  const finite = numbers.filter(Number.isFinite);
  const low = finite.reduce((a, b) => Math.min(a, b), Infinity);
  const high = finite.reduce((a, b) => Math.max(a, b), -Infinity);
  if (low > high) return [0, 1];
  const room = share * (high - low) || 1;
  return [low - room, high + room];
}

export class Chart {
  /* Fills `host`. `x` and `y` are the ends of the axes, and `names` their names; screen readers read `description`.
     With `isLogarithmic`, equal distances on the y axis are equal factors; with `isCounted`, the numbers on the x axis are
     integers. `room` is that from tick to tick, in em. */
  constructor(host, { x, y, names, description, isLogarithmic = false, isCounted = false, room = ROOM }) {
    this.host = host;
    this.limits = { x, y };
    this.room = room;
    this.rise = isLogarithmic ? Math.log10 : (at) => at;
    this.ticksUp = isLogarithmic ? powersOf : ticksOf;
    this.leastAcross = isCounted ? 1 : 0;
    this.names = names;
    this.axes = svg("g", { class: "axes" });
    this.content = svg("g");
    this.svg = svg("svg", { role: "img", "aria-label": description }, this.axes, this.content);
    host.append(this.svg);
  }

  /* Calls `draw` now, and whenever the size of the chart changes. */
  onResize(draw) {
    new ResizeObserver(() => {
      this.measure();
      draw();
    }).observe(this.host);
  }

  measure() {
    const { width, height } = this.host.getBoundingClientRect();
    const unit = Number.parseFloat(getComputedStyle(this.host).fontSize);
    this.top = AROUND.top * unit;
    this.bottom = Math.max(this.top + 1, height - AROUND.bottom * unit);
    const up = this.ticksUp(this.limits.y, (this.bottom - this.top) / (this.room.y * unit)).map((at) => [at, labelOf(at)]);
    const longest = up.reduce((most, [, text]) => Math.max(most, text.length), 0);
    this.left = (AROUND.left + DIGIT * longest) * unit;
    this.right = Math.max(this.left + 1, width - AROUND.right * unit);
    this.drawAxes(unit, up, width);
  }

  x(at) {
    const [low, high] = this.limits.x;
    return this.left + ((at - low) / (high - low)) * (this.right - this.left);
  }

  y(at) {
    const [low, high] = this.limits.y.map(this.rise);
    return this.bottom - ((this.rise(at) - low) / (high - low)) * (this.bottom - this.top);
  }

  /* The number on the x axis under a pointer. */
  xUnder(event) {
    const box = this.svg.getBoundingClientRect();
    const share = (event.clientX - box.left - this.left) / (this.right - this.left);
    return this.limits.x[0] + share * (this.limits.x[1] - this.limits.x[0]);
  }

  /* The number on a linear y axis under a pointer. */
  yUnder(event) {
    const box = this.svg.getBoundingClientRect();
    const share = (box.top + this.bottom - event.clientY) / (this.bottom - this.top);
    return this.limits.y[0] + share * (this.limits.y[1] - this.limits.y[0]);
  }

  /* Draws lines at round numbers; `up` are those of the y axis with their labels, and `width` is that of the host. */
  drawAxes(unit, up, width) {
    const { left, right, top, bottom } = this;
    const text = (content, attributes) => {
      const created = svg("text", attributes);
      created.textContent = content;
      return created;
    };
    const columns = ticksOf(this.limits.x, (right - left) / (this.room.x * unit), this.leastAcross).flatMap((at) => {
      const label = labelOf(at);
      const half = (label.length * DIGIT * unit) / 2;
      const x = Math.min(this.x(at), width - half - TO_BORDER * unit); // so that the last label is whole
      return [
        svg("path", { d: `M${this.x(at)} ${top}V${bottom}` }),
        text(label, { x, y: bottom + 1.1 * unit, "text-anchor": "middle" }),
      ];
    });
    const rows = up.flatMap(([at, label]) => [
      svg("path", { d: `M${left} ${this.y(at)}H${right}` }),
      text(label, { x: left - 0.4 * unit, y: this.y(at) + 0.3 * unit, "text-anchor": "end" }),
    ]);
    const [xName, yName] = this.names;
    const middle = (top + bottom) / 2;
    this.axes.replaceChildren(
      ...columns,
      ...rows,
      text(xName, { class: "name", x: (left + right) / 2, y: bottom + 2.3 * unit, "text-anchor": "middle" }),
      text(yName, {
        class: "name",
        x: 1.1 * unit,
        y: middle,
        "text-anchor": "middle",
        transform: `rotate(-90 ${1.1 * unit} ${middle})`,
      }),
    );
  }

  /* The path of a line through points (x, y), with a gap where y is not finite. */
  path(points) {
    let pen = "M";
    let text = "";
    for (const [x, y] of points) {
      if (Number.isFinite(y)) text += `${pen}${this.x(x).toFixed(1)} ${this.y(y).toFixed(1)}`;
      pen = Number.isFinite(y) ? "L" : "M";
    }
    return text;
  }
}
