/* The chain rule for one weight or bias and one sample, from the loss back to it, with the numbers of the moment. */
import { byId, html } from "./dom.js";
import { computed, networkNow, outcomeOf, outputs, points, programsNow, setting, snapshot, weights } from "./live_state.js";
import { drawMath, parseMath } from "./math.js";
import { tr } from "./words.js";

const MOST_TERMS = 3; // of a sum that are written out
const SIZES = [1.4, 1.3, 1.2, 1.15, 1.09, 1.03, 0.95]; // of math, in that of the page's text

/* The neuron with a parameter: its layer from 0, its number in it, and the input that a weight belongs to; null for a bias. */
export function placeOfParameter(layers, parameter) {
  for (const [depth, { weight, bias }] of layers.entries()) {
    for (const [neuron, row] of weight.entries()) {
      if (bias[neuron] === parameter) return { depth, neuron, input: null };
      const input = row.indexOf(parameter);
      if (input >= 0) return { depth, neuron, input };
    }
  }
  return null;
}

/* The gradient of the loss of a sample with respect to all parameters. */
function gradientOf({ x, y }) {
  return computed(programsNow().gradient, weights.length + 1, x, y);
}

/* Everything that the chain rule of a sample needs. */
function numbersOf(sample) {
  const { layers } = networkNow();
  const { neurons, slopes } = programsNow();
  const count = layers.reduce((sum, { bias }) => sum + bias.length, 0);
  const both = computed(neurons, 2 * count, sample.x);
  const starts = layers.map((_, depth) => layers.slice(0, depth).reduce((sum, { bias }) => sum + bias.length, 0));
  const values = Array.from(outcomeOf(sample).subarray(1));
  return {
    layers,
    gradient: gradientOf(sample),
    sum: (depth, neuron) => both[starts[depth] + neuron],
    output: (depth, neuron) => (depth < 0 ? sample.x[neuron] : both[count + starts[depth] + neuron]),
    slope: (depth, neuron) => slopes[depth](both[starts[depth] + neuron]),
    lossSlope: (neuron) => computed(lossSlopes, outputs, values, sample.y)[neuron],
  };
}

const nameOfOutput = (depth, neuron) => (depth < 0 ? `x_{${neuron + 1}}` : `a_{${depth + 1},${neuron + 1}}`);
const nameOfSum = (depth, neuron) => `z_{${depth + 1},${neuron + 1}}`;
const nameOfWeight = (depth, neuron, input) =>
  input === null ? `b_{${depth + 1},${neuron + 1}}` : `w_{${depth + 1},${neuron + 1},${input + 1}}`;
const by = (name) => `\\frac{\\partial L}{\\partial ${name}}`;
const slopeOf = (of, name) => `\\frac{\\partial ${of}}{\\partial ${name}}`;

const PRODUCT = "= \\signed{\\value{0}} \\cdot \\signed{\\value{1}}";

/* The lines of the chain rule: a label, the parts of an equation between which it may be broken, and the numbers in them. */
function linesFor(sample, parameter) {
  const place = placeOfParameter(networkNow().layers, parameter);
  if (!place) return [];
  const numbers = numbersOf(sample);
  const { depth, neuron, input } = place;
  const { layers, gradient, output, lossSlope } = numbers;
  const [z, w] = [nameOfSum(depth, neuron), nameOfWeight(depth, neuron, input)];
  const found =
    depth === layers.length - 1
      ? { upstream: lossSlope(neuron), lines: [lossLine(numbers, depth, neuron)] }
      : fromNextLayer(numbers, depth, neuron);
  const { activation } = layers[depth];
  const through = throughLine(numbers, depth, neuron, found.upstream);
  const [local, nameOfLocal] = input === null ? [1, "1"] : [output(depth - 1, input), nameOfOutput(depth - 1, input)];
  return [
    ...found.lines,
    { label: activation === "linear" ? tr`no activation` : tr`through ${activation}`, ...through },
    {
      label: input === null ? tr`to the bias` : tr`to the weight`,
      parts: [by(w), `= ${by(z)} \\cdot ${nameOfLocal}`, PRODUCT, "= \\value{2}"],
      values: [through.values[2], local, gradient[parameter]],
    },
  ];
}

/* The derivative of the loss with respect to an output of the model. */
function lossLine({ lossSlope }, depth, neuron) {
  return { label: tr`of the loss`, parts: [by(nameOfOutput(depth, neuron)), "= \\value{0}"], values: [lossSlope(neuron)] };
}

/* From the derivative with respect to the output of a neuron, `upstream`, to that with respect to its weighted sum. */
function throughLine({ layers, gradient, slope }, depth, neuron, upstream) {
  const [a, z] = [nameOfOutput(depth, neuron), nameOfSum(depth, neuron)];
  const passed = gradient[layers[depth].bias[neuron]]; // the bias is added to the sum, so its gradient is the same
  return {
    parts: [by(z), `= ${by(a)} \\cdot ${slopeOf(a, z)}`, PRODUCT, "= \\value{2}"],
    values: [upstream, slope(depth, neuron), passed],
  };
}

/* The derivative with respect to the output of a hidden neuron, and the lines that show where it comes from: the sum over
   the next layer, its largest terms first; and before it, if that layer is the last, where the first term comes from. */
function fromNextLayer(numbers, depth, neuron) {
  const { layers, gradient, lossSlope } = numbers;
  const next = layers[depth + 1];
  const factors = next.bias.map((bias, to) => [gradient[bias], weights[next.weight[to][neuron]]]);
  const product = (to) => factors[to][0] * factors[to][1];
  const upstream = factors.reduce((sum, _, to) => sum + product(to), 0);
  const order = [...factors.keys()].toSorted((one, other) => Math.abs(product(other)) - Math.abs(product(one)) || one - other);
  const isOne = order.length === 1;
  const k = isOne ? "1" : "k";
  const symbols = `${by(`z_{${depth + 2},${k}}`)} \\cdot w_{${depth + 2},${k},${neuron + 1}}`;
  const shown = order.slice(0, MOST_TERMS).map((to) => factors[to]);
  const products = shown.map((_, n) => `${n ? "{} +" : "="} \\signed{\\value{${2 * n}}} \\cdot \\signed{\\value{${2 * n + 1}}}`);
  const rest = order.length > MOST_TERMS ? ["{} + …"] : [];
  const line = {
    label: order.length > MOST_TERMS ? tr`from the next layer, largest terms first` : tr`from the next layer`,
    parts: [
      by(nameOfOutput(depth, neuron)),
      isOne ? `= ${symbols}` : `= \\sum_{k} ${symbols}`,
      ...products,
      ...rest,
      `= \\value{${2 * shown.length}}`,
    ],
    values: [...shown.flat(), upstream],
  };
  if (depth + 2 < layers.length) return { upstream, lines: [line] };
  const [largest] = order;
  const label = isOne ? tr`of the loss` : tr`of the loss, for k = ${largest + 1}`;
  const origin = { label, isOrigin: true, ...throughLine(numbers, depth + 1, largest, lossSlope(largest)) };
  return { upstream, lines: [origin, line] };
}

/* What a step with all samples starts from: the mean of the gradient over the samples, and the slope of the penalties. */
function meanLine(name, parameter) {
  const mean = points.reduce((sum, sample) => sum + gradientOf(sample)[parameter], 0) / points.length;
  const ofSamples = `\\frac{1}{n} \\sum_{i} \\frac{\\partial L_{i}}{\\partial ${name}}`;
  const { l1, l2, batch } = setting;
  if (!(l1 || l2) || !networkNow().penalized.includes(parameter)) {
    const label = batch ? tr`mean over samples` : tr`mean over samples, for the step`;
    return { label, parts: [ofSamples, "= \\value{0}"], values: [mean] };
  }
  const slope = penaltySlope(weights[parameter], l1, l2);
  return {
    label: batch ? tr`mean and penalty P` : tr`mean and penalty P, for the step`,
    parts: [`${ofSamples} + ${slopeOf("P", name)}`, "= \\value{0} + \\signed{\\value{1}}", "= \\value{2}"],
    values: [mean, slope, mean + slope],
  };
}

function lineElement({ label, isOrigin = false, parts, values }) {
  const math = parts.map((part) => {
    const made = document.createElementNS("http://www.w3.org/1998/Math/MathML", "math");
    made.append(drawMath(parseMath(part, { value: (index) => values[index] })));
    return made;
  });
  const className = isOrigin ? "origin" : "";
  const description = html("span", { className: "label", textContent: label });
  return html("div", { className }, description, html("span", { className: "parts" }, ...math));
}

/* Shows the chain rule for a parameter and a sample. */
export function renderChain(number, parameter) {
  const sample = points[number];
  if (!sample || !snapshot) {
    byId("steps").replaceChildren();
    return;
  }
  const lines = linesFor(sample, parameter);
  const place = placeOfParameter(networkNow().layers, parameter);
  const name = place ? nameOfWeight(place.depth, place.neuron, place.input) : "w";
  if (!place) lines.push({ label: tr`this sample`, parts: [by(name), "= \\value{0}"], values: [gradientOf(sample)[parameter]] });
  lines.push(meanLine(name, parameter));
  byId("steps").replaceChildren(...lines.map(lineElement));
  fit(`${number} ${parameter} ${innerWidth} ${innerHeight} ${document.body.className}`);
}

let [measured, size, tallest] = ["", 0, 0];

/* Takes the largest size of math at which all lines are visible, and keeps the panel as high and the math as small as
   they have been for what was `measured` last, so that longer numbers move the page only once. */
function fit(what) {
  const steps = byId("steps");
  const style = getComputedStyle(steps);
  const [least, most] = ["--least", "--most"].map((name) => Number(style.getPropertyValue(name)));
  const sizes = SIZES.filter((rem) => rem >= least && rem <= most);
  const take = (next) => steps.style.setProperty("--math", `${sizes[(size = next)]}rem`);
  steps.style.minHeight = "";
  if (what !== measured) [measured, size, tallest] = [what, 0, 0];
  take(size);
  while (size < sizes.length - 1 && steps.scrollHeight > steps.clientHeight) take(size + 1);
  tallest = Math.max(tallest, steps.scrollHeight);
  steps.style.minHeight = `min(${tallest}px, 100%)`;
}
