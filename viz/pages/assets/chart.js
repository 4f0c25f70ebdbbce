/* A plane with two axes, in which other views draw. */
import { svg } from "./dom.js";

const AROUND = { left: 4.4, right: 1.3, top: 0.5, bottom: 2.7 }; // the margins, in em
const ROOM = { x: 4.5, y: 2.6 }; // from tick to tick, in em

/* Round numbers between two ends, about `most` of them. */
function ticksOf([low, high], most) {
  const raw = (high - low) / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * [1, 2, 5, 10].find((digit) => digit * power >= raw * 0.999);
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, n) => Number(((first + n) * step).toPrecision(12)));
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
  /* Fills `host`. `x` and `y` are the ends of the axes, and `names` their names; screen readers read `description`. */
  constructor(host, { x, y, names, description }) {
    this.host = host;
    this.limits = { x, y };
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
    this.left = AROUND.left * unit;
    this.right = Math.max(this.left + 1, width - AROUND.right * unit);
    this.top = AROUND.top * unit;
    this.bottom = Math.max(this.top + 1, height - AROUND.bottom * unit);
    this.drawAxes(unit);
  }

  x(at) {
    const [low, high] = this.limits.x;
    return this.left + ((at - low) / (high - low)) * (this.right - this.left);
  }

  y(at) {
    const [low, high] = this.limits.y;
    return this.bottom - ((at - low) / (high - low)) * (this.bottom - this.top);
  }

  /* The number on the x axis under a pointer. */
  xUnder(event) {
    const box = this.svg.getBoundingClientRect();
    const share = (event.clientX - box.left - this.left) / (this.right - this.left);
    return this.limits.x[0] + share * (this.limits.x[1] - this.limits.x[0]);
  }

  drawAxes(unit) {
    const { left, right, top, bottom } = this;
    const text = (content, attributes) => {
      const created = svg("text", attributes);
      created.textContent = content.replace("-", "−");
      return created;
    };
    const across = ticksOf(this.limits.x, (right - left) / (ROOM.x * unit)).flatMap((at) => [
      svg("path", { d: `M${this.x(at)} ${top}V${bottom}` }),
      text(String(at), { x: this.x(at), y: bottom + 1.1 * unit, "text-anchor": "middle" }),
    ]);
    const up = ticksOf(this.limits.y, (bottom - top) / (ROOM.y * unit)).flatMap((at) => [
      svg("path", { d: `M${left} ${this.y(at)}H${right}` }),
      text(String(at), { x: left - 0.4 * unit, y: this.y(at) + 0.3 * unit, "text-anchor": "end" }),
    ]);
    const [xName, yName] = this.names;
    const middle = (top + bottom) / 2;
    this.axes.replaceChildren(
      ...across,
      ...up,
      text(xName, { class: "name", x: (left + right) / 2, y: bottom + 2.3 * unit, "text-anchor": "middle" }),
      text(yName, {
        class: "name",
        x: 0.8 * unit,
        y: middle,
        "text-anchor": "middle",
        transform: `rotate(-90 ${0.8 * unit} ${middle})`,
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
