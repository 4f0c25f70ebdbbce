/* The chain rule for one weight or bias and one sample, from the loss back to it, with the numbers of the moment. */
import { byId, html } from "./dom.js";
import { computed, networkNow, outcomeOf, outputs, points, programsNow, setting, snapshot, weights } from "./live_state.js";
import { drawMath, parseMath } from "./math.js";
import { tr } from "./words.js";

const MOST_TERMS = 3; // of a sum that are written out

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

/* The lines of the chain rule: a label, the parts of an equation between which it may be broken, and the numbers in them. */
function linesFor(sample, parameter) {
  const place = placeOfParameter(networkNow().layers, parameter);
  if (!place) return [];
  const numbers = numbersOf(sample);
  const { depth, neuron, input } = place;
  const { layers, gradient, output, slope } = numbers;
  const [a, z, w] = [nameOfOutput(depth, neuron), nameOfSum(depth, neuron), nameOfWeight(depth, neuron, input)];
  const passed = gradient[layers[depth].bias[neuron]]; // the bias is added to the sum, so its gradient is the same
  const { activation } = layers[depth];
  const { line, upstream } = upstreamLine(numbers, depth, neuron);
  const [local, nameOfLocal] = input === null ? [1, "1"] : [output(depth - 1, input), nameOfOutput(depth - 1, input)];
  const product = "= \\signed{\\value{0}} \\cdot \\signed{\\value{1}}";
  return [
    line,
    {
      label: activation === "linear" ? tr`no activation` : tr`through ${activation}`,
      parts: [by(z), `= ${by(a)} \\cdot ${slopeOf(a, z)}`, product, "= \\value{2}"],
      values: [upstream, slope(depth, neuron), passed],
    },
    {
      label: input === null ? tr`to the bias` : tr`to the weight`,
      parts: [by(w), `= ${by(z)} \\cdot ${nameOfLocal}`, product, "= \\value{2}"],
      values: [passed, local, gradient[parameter]],
    },
  ];
}

/* The derivative with respect to the output of a neuron, and the line that shows where it comes from. */
function upstreamLine({ layers, gradient, lossSlope }, depth, neuron) {
  const left = by(nameOfOutput(depth, neuron));
  const next = layers[depth + 1];
  if (!next) {
    const upstream = lossSlope(neuron);
    return { upstream, line: { label: tr`of the loss`, parts: [left, "= \\value{0}"], values: [upstream] } };
  }
  const terms = next.bias.map((bias, to) => [gradient[bias], weights[next.weight[to][neuron]]]);
  const upstream = terms.reduce((sum, [one, other]) => sum + one * other, 0);
  const isOne = terms.length === 1;
  const k = isOne ? "1" : "k";
  const symbols = `${by(`z_{${depth + 2},${k}}`)} \\cdot w_{${depth + 2},${k},${neuron + 1}}`;
  const shown = terms.slice(0, MOST_TERMS);
  const products = shown.map((_, n) => `${n ? "{} +" : "="} \\signed{\\value{${2 * n}}} \\cdot \\signed{\\value{${2 * n + 1}}}`);
  const rest = terms.length > MOST_TERMS ? ["{} + ..."] : [];
  const line = {
    label: tr`from the next layer`,
    parts: [left, isOne ? `= ${symbols}` : `= \\sum_{k} ${symbols}`, ...products, ...rest, `= \\value{${2 * shown.length}}`],
    values: [...shown.flat(), upstream],
  };
  return { upstream, line };
}

/* The mean of the gradient over all samples. */
function meanGradient(parameter) {
  const total = points.reduce((sum, sample) => sum + gradientOf(sample)[parameter], 0);
  return total / points.length;
}

function lineElement({ label, parts, values }) {
  const math = parts.map((part) => {
    const made = document.createElementNS("http://www.w3.org/1998/Math/MathML", "math");
    made.append(drawMath(parseMath(part, { value: (index) => values[index] })));
    return made;
  });
  return html("div", {}, html("span", { className: "label", textContent: label }), html("span", { className: "parts" }, ...math));
}

/* Shows the chain rule for a parameter and a sample. */
export function renderChain(number, parameter) {
  const sample = points[number];
  if (!sample || !snapshot) {
    byId("steps").replaceChildren();
    return;
  }
  const lines = linesFor(sample, parameter);
  const left = lines.at(-1)?.parts[0] ?? by("w");
  if (!lines.length) lines.push({ label: tr`this sample`, parts: [left, "= \\value{0}"], values: [gradientOf(sample)[parameter]] });
  const label = setting.batch ? tr`mean of all samples` : tr`mean, for the step`;
  lines.push({ label, parts: [left, "= \\value{0}"], values: [meanGradient(parameter)] });
  byId("steps").replaceChildren(...lines.map(lineElement));
  keepHeight(`${number} ${parameter} ${innerWidth} ${document.body.className}`);
}

let [measured, tallest] = ["", 0];

/* Keeps the panel as high as it has been for what was `measured` last, so that longer numbers move the page only once. */
function keepHeight(what) {
  const steps = byId("steps");
  steps.style.minHeight = "";
  if (what !== measured) [measured, tallest] = [what, 0];
  tallest = Math.max(tallest, steps.scrollHeight);
  steps.style.minHeight = `min(${tallest}px, 100%)`;
}
