/* The network: neurons with biases, and weights as lines whose colour shows their sign and whose width their size. */
import { setAttribute, svg } from "./dom.js";
import { showNumber } from "./numbers.js";
import { addTooltip } from "./tooltip.js";
import { layers, recorded, training, weights } from "./training.js";

const MOST = 12; // neurons of a layer that are drawn; the middle of a larger layer is left out
const EM = Number.parseFloat(getComputedStyle(document.documentElement).fontSize); // of the page's text, in pixels
const RADIUS = 1.7 * EM; // of a neuron if there is room
const LEGIBLE_RADIUS = 1.25 * EM; // the smallest radius with room for a number
const WIDEST = 9; // the largest width of a line between neurons of full radius
const [MARGIN_X, TITLE] = [2.5 * EM, 1.3 * EM];
const MOST_ACROSS = 20 * EM; // from layer to layer

const largest = recorded.flat().reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 0) || 1;
const shareOf = (x) => Math.min(1, Math.abs(x) / largest) || 0;
const fact = (parameter) => [training.names[parameter], String(weights[parameter])];

/* A number that fits into a neuron. */
function short(x) {
  const text = x.toFixed(Math.abs(x) < 9.995 ? 2 : 0);
  return Number(text) === 0 ? "0.00" : text.replace("-", "−");
}

/* The neurons of a layer that are drawn, counted from 0. */
function drawnOf(size) {
  const all = Array.from({ length: size }, (_, n) => n);
  return size <= MOST ? all : [...all.slice(0, MOST - 2), size - 1];
}

export class Network {
  constructor(host) {
    this.host = host;
    this.widest = undefined; // width of a line, in pixels
    this.sizes = [layers[0].weight[0].length, ...layers.map(({ bias }) => bias.length)];
    this.scene = svg("svg", { role: "group", "aria-label": "The network" });
    const shown = this.sizes.map(drawnOf);
    this.lines = layers.flatMap(({ weight }, depth) =>
      shown[depth + 1].flatMap((to) => shown[depth].map((from) => drawLine(depth, from, to, weight[to][from]))),
    );
    this.inputs = shown[0].map((neuron) => drawInput(neuron));
    this.neurons = layers.flatMap((layer, depth) =>
      shown[depth + 1].map((neuron) => drawNeuron(depth + 1, neuron, layer.bias[neuron], layer.weight[neuron])),
    );
    this.titles = this.sizes.map((size, depth) => drawTitle(depth ? layers[depth - 1].activation : "inputs"));
    this.gaps = this.sizes.map((size, depth) => drawTitle(size > MOST ? `⋮ ${size - shown[depth].length}` : ""));
    this.scene.append(
      ...this.lines.flatMap(({ line, reach }) => [line, reach]),
      ...[...this.inputs, ...this.neurons].map(({ group }) => group),
      ...this.titles,
      ...this.gaps,
    );
    host.append(this.scene);
    new ResizeObserver(() => this.layOut()).observe(host);
  }

  /* Positions everything in the available space. */
  layOut() {
    const { width, height } = this.host.getBoundingClientRect();
    const rows = Math.min(MOST, Math.max(...this.sizes));
    const down = Math.min(2.6 * RADIUS, (height - TITLE) / rows);
    const radius = Math.min(RADIUS, 0.45 * down);
    this.widest = (WIDEST * radius) / RADIUS;
    const across = Math.min(MOST_ACROSS, (width - 2 * MARGIN_X) / layers.length);
    const x = (depth) => width / 2 + across * (depth - layers.length / 2);
    const y = (depth, row) => TITLE + (height - TITLE) / 2 + down * (row - (Math.min(MOST, this.sizes[depth]) - 1) / 2);
    const rowOf = (depth, neuron) => (this.sizes[depth] > MOST && neuron > MOST - 3 ? MOST - 1 : neuron);
    for (const { line, reach, depth, from, to } of this.lines) {
      const [x1, y1] = [x(depth), y(depth, rowOf(depth, from))];
      const [x2, y2] = [x(depth + 1), y(depth + 1, rowOf(depth + 1, to))];
      for (const end of [line, reach]) setAll(end, { x1, y1, x2, y2 });
    }
    for (const { circle, text, depth, neuron } of [...this.inputs, ...this.neurons]) {
      const [cx, cy] = [x(depth), y(depth, rowOf(depth, neuron))];
      setAll(circle, { cx, cy, r: radius });
      setAll(text, { x: cx, y: cy + 0.22 * EM, visibility: radius < LEGIBLE_RADIUS ? "hidden" : "visible" });
    }
    this.titles.forEach((title, depth) => setAll(title, { x: x(depth), y: 0.8 * EM }));
    this.gaps.forEach((gap, depth) => setAll(gap, { x: x(depth), y: y(depth, MOST - 2) + 4 }));
    this.render();
  }

  render() {
    if (this.widest === undefined) return; // not laid out yet
    for (const { line, parameter } of this.lines) {
      const x = weights[parameter];
      line.style.stroke = colourOfSign(x);
      line.style.strokeWidth = String(0.6 + this.widest * shareOf(x));
      setAttribute(line, "data-value", String(x));
    }
    for (const { group, circle, text, parameter } of this.neurons) {
      const x = weights[parameter];
      circle.style.fill = `color-mix(in srgb, ${colourOfSign(x)} ${Math.round(70 * shareOf(x))}%, var(--background))`;
      text.textContent = short(x);
      setAttribute(group, "data-value", String(x));
      setAttribute(group, "aria-label", `${training.names[parameter]} ${showNumber(x)}`);
    }
  }
}

function setAll(target, attributes) {
  for (const [name, value] of Object.entries(attributes)) setAttribute(target, name, String(value));
}

function drawTitle(text) {
  const title = svg("text", { class: "title", "text-anchor": "middle" });
  title.textContent = text;
  return title;
}

function drawLine(depth, from, to, parameter) {
  const line = svg("line", { class: "weight", "data-parameter": parameter });
  const reach = svg("line", { class: "reach" }); // invisible and wide, because a thin line is hard to point at
  addTooltip(reach, () => [fact(parameter)]);
  return { line, reach, depth, from, to, parameter };
}

function drawInput(neuron) {
  const circle = svg("circle", { class: "neuron input" });
  const text = svg("text", { "text-anchor": "middle" });
  text.textContent = `x${neuron + 1}`;
  return { group: svg("g", {}, circle, text), circle, text, depth: 0, neuron };
}

/* A neuron, whose tooltip shows its bias and its weights. */
function drawNeuron(depth, neuron, parameter, incoming) {
  const circle = svg("circle", { class: "neuron" });
  const text = svg("text", { "text-anchor": "middle" });
  const group = svg("g", { tabindex: "0", role: "img", "data-parameter": parameter }, circle, text);
  addTooltip(group, () => [parameter, ...incoming.slice(0, MOST)].map(fact));
  return { group, circle, text, depth, neuron, parameter };
}

function colourOfSign(x) {
  if (x === 0 || Number.isNaN(x)) return "var(--edge)";
  return x > 0 ? "var(--positive)" : "var(--negative)";
}
