/* The network: neurons with their biases, and weights as lines, sign as colour and size as width. */
import { drawn, setAttribute } from "./dom.js";
import { showNumber } from "./math.js";
import { showFacts } from "./tooltip.js";
import { layers, recorded, training, weights } from "./training.js";

const MOST = 12; // neurons that are drawn of a layer; the middle of a larger one is left out
const [ACROSS, DOWN, RADIUS] = [170, 50, 20];
const WIDEST = 9;

const largest = recorded.flat().reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 0) || 1;
const shareOf = (x) => Math.min(1, Math.abs(x) / largest) || 0;
const fact = (parameter) => [training.names[parameter], String(weights[parameter])];

/* The neurons of a layer that are drawn, counted from 0. */
function drawnOf(size) {
  const all = Array.from({ length: size }, (_, n) => n);
  return size <= MOST ? all : [...all.slice(0, MOST - 2), size - 1];
}

export class Network {
  constructor(host) {
    this.lines = [];
    this.neurons = [];
    const sizes = [layers[0].weight[0].length, ...layers.map(({ bias }) => bias.length)];
    const rows = Math.max(...sizes.map((size) => Math.min(size, MOST)));
    const height = DOWN * rows + 34;
    this.columns = sizes.map((size, depth) => {
      const shown = drawnOf(size);
      const top = 34 + (DOWN * (rows - Math.min(size, MOST))) / 2;
      const at = (neuron) => (size > MOST && neuron === size - 1 ? MOST - 1 : neuron);
      const x = ACROSS * depth + 40;
      return { size, shown, x, y: (neuron) => top + DOWN * at(neuron) + DOWN / 2 };
    });
    const groups = [drawn("g"), drawn("g")];
    this.scene = groups;
    layers.forEach((layer, depth) => this.drawLayer(layer, this.columns[depth], this.columns[depth + 1]));
    this.drawInputs();
    this.columns.forEach((column, depth) => this.drawTitle(column, depth));
    const box = `0 0 ${ACROSS * layers.length + 80} ${height}`;
    host.append(drawn("svg", { viewBox: box, role: "group", "aria-label": "The network" }, ...groups));
  }

  write(content, attributes) {
    const text = drawn("text", { "text-anchor": "middle", ...attributes });
    text.textContent = content;
    this.scene[1].append(text);
    return text;
  }

  drawTitle({ size, shown, x, y }, depth) {
    this.write(depth ? layers[depth - 1].activation : "inputs", { class: "title", x, y: 16 });
    if (shown.length === size) return;
    const middle = y(MOST - 2);
    this.write(`⋮ ${size - shown.length}`, { class: "more", x, y: middle });
  }

  drawInputs() {
    const { shown, x, y } = this.columns[0];
    for (const input of shown) {
      this.scene[1].append(drawn("circle", { class: "neuron input", cx: x, cy: y(input), r: RADIUS }));
      this.write(`x${input + 1}`, { x, y: y(input) + 5 });
    }
  }

  drawLayer({ weight, bias }, before, after) {
    for (const neuron of after.shown) {
      for (const source of before.shown) {
        const ends = { x1: before.x, y1: before.y(source), x2: after.x, y2: after.y(neuron) };
        this.addLine(weight[neuron][source], ends);
      }
      this.addNeuron(bias[neuron], weight[neuron], after.x, after.y(neuron));
    }
  }

  addLine(parameter, ends) {
    const line = drawn("line", { class: "weight", "data-parameter": parameter, ...ends });
    const reach = drawn("line", { class: "reach", ...ends }); // a thin line is hard to point at
    reach.addEventListener("pointerenter", () => showFacts([fact(parameter)], reach));
    reach.addEventListener("pointerleave", () => showFacts([], reach));
    this.scene[0].append(line, reach);
    this.lines.push({ line, parameter });
  }

  addNeuron(parameter, incoming, cx, cy) {
    const circle = drawn("circle", { class: "neuron", cx, cy, r: RADIUS });
    const group = drawn("g", { tabindex: "0", role: "img", "data-parameter": parameter }, circle);
    const facts = () => [fact(parameter), ...incoming.slice(0, MOST).map(fact)];
    group.addEventListener("pointerenter", () => showFacts(facts(), group));
    group.addEventListener("pointerleave", () => showFacts([], group));
    group.addEventListener("focus", () => group.matches(":focus-visible") && showFacts(facts(), group));
    group.addEventListener("blur", () => showFacts([], group));
    const text = drawn("text", { "text-anchor": "middle", x: cx, y: cy + 4 });
    group.append(text);
    this.scene[1].append(group);
    this.neurons.push({ group, circle, text, parameter });
  }

  render() {
    for (const { line, parameter } of this.lines) {
      const x = weights[parameter];
      line.style.stroke = signOf(x);
      line.style.strokeWidth = String(0.6 + WIDEST * shareOf(x));
      setAttribute(line, "data-value", String(x));
    }
    for (const { group, circle, text, parameter } of this.neurons) {
      const x = weights[parameter];
      circle.style.fill = `color-mix(in srgb, ${signOf(x)} ${Math.round(70 * shareOf(x))}%, var(--background))`;
      text.textContent = showNumber(Number(x.toPrecision(2)));
      setAttribute(group, "data-value", String(x));
      setAttribute(group, "aria-label", `${training.names[parameter]} ${showNumber(x)}`);
    }
  }
}

function signOf(x) {
  if (x === 0 || Number.isNaN(x)) return "var(--edge)";
  return x > 0 ? "var(--positive)" : "var(--negative)";
}
