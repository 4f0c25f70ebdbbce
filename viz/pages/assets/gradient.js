/* The switch that shows how much gradient flows over each edge, as its width and colour, on a logarithmic scale. */
import { byId, html } from "./dom.js";
import { backward, contributions } from "./graph.js";
import { stepsSeen } from "./steps.js";
import { tr } from "./words.js";

const LEAST_DECADES = 2; // on the scale: equal gradients look equal
const MOST_DECADES = 8; // what is smaller looks like the smallest

const numberOf = new Map(backward.map(({ node, slot }, number) => [`${node} ${slot}`, number]));

export const showsGradient = () => byId("with-gradient").checked;

/* The powers of ten at the ends of the scale, for the contributions of all steps. */
function gradientScale() {
  const sizes = contributions.map(Math.abs).filter((size) => size > 0 && Number.isFinite(size));
  const high = Math.ceil(Math.log10(sizes.reduce((a, b) => Math.max(a, b), 0) || 1));
  const low = Math.floor(Math.log10(sizes.reduce((a, b) => Math.min(a, b), Infinity)));
  return { low: Math.max(high - MOST_DECADES, Math.min(low, high - LEAST_DECADES)), high };
}

/* A function that returns where on the scale the gradient is that has flowed over one of some uses of operands, each
   [node, slot]: from 0 to 1, of several uses the largest; undefined if none has, or if the switch is off. */
export function flowNow() {
  if (!showsGradient()) return () => undefined;
  const { low, high } = gradientScale();
  const steps = stepsSeen();
  const shareOf = (number) => {
    const size = Math.abs(contributions[number]);
    if (Number.isNaN(size)) return 1;
    return Math.max(0, Math.min(1, (Math.log10(size) - low) / (high - low)));
  };
  return (uses) => {
    const numbers = uses.map(([node, slot]) => numberOf.get(`${node} ${slot}`)).filter((number) => number < steps);
    return numbers.length ? Math.max(...numbers.map(shareOf)) : undefined;
  };
}

/* Shows the legend: a line for each power of ten. */
export function renderGradientLegend() {
  byId("gradient-legend").hidden = !showsGradient();
  if (!showsGradient()) return;
  const { low, high } = gradientScale();
  const entries = Array.from({ length: high - low + 1 }, (_, n) => {
    const entry = html("span", {}, html("i"), "10", html("sup", { textContent: String(low + n).replace("-", "−") }));
    entry.style.setProperty("--flow", String(n / (high - low)));
    return entry;
  });
  byId("gradient-legend").replaceChildren(tr`|gradient| over an edge:`, ...entries);
}
