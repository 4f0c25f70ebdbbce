/* The curve of an operation: its result against one operand while the others keep their numbers.

   All numbers come from the function that the compiler made of the operation, its slopes too. */
import { data, firstOperation, forward, nodes } from "./graph.js";

const HALF = 80; // samples on either side of the point
const LEAST_REACH = 3; // the least distance from the point to an end of the curve
const MOST_TURNS = 6; // of a curve that waves
const STEEPEST = 20; // the rise of the tangent, compared with the numbers of the curve
const SPARE = 0.08; // above and below a curve, as a share of its height
const BISECTIONS = 20; // towards the end of a curve

/* The slots of an operation whose operands are not constants; none if the page cannot compute its curve. */
export function slotsOf(node) {
  if (node < firstOperation || forward[node - firstOperation].curve === null) return [];
  return nodes[node].operands.flatMap((operand, slot) => (nodes[operand].kind === "constant" ? [] : [slot]));
}

/* The function of one operand; it returns {x, y, slope}. */
function functionOf(node, slot) {
  const slots = slotsOf(node);
  const number = slots.indexOf(slot);
  const run = curves[forward[node - firstOperation].curve];
  const now = slots.map((other) => data[nodes[node].operands[other]]);
  return (x) => {
    const [y, ...slopes] = run(...now.with(number, x));
    return { x, y, slope: slopes[number] };
  };
}

const sampled = (at, low, high) =>
  Array.from({ length: 2 * HALF + 1 }, (_, n) => at(low + (high - low) * (n / (2 * HALF))));

/* How often a curve turns between rising and falling. */
function turns(samples) {
  const signs = samples.map(({ slope }) => Math.sign(slope)).filter((sign) => sign === 1 || sign === -1);
  return signs.filter((sign, n) => n > 0 && sign !== signs[n - 1]).length;
}

/* The size of a typical number of a curve. */
function sizeOf(samples) {
  const sizes = samples.map(({ y }) => Math.abs(y)).filter(Number.isFinite);
  return sizes.toSorted((a, b) => a - b)[sizes.length >> 1] ?? 0;
}

const riseOf = ({ slope }, reach) => (Number.isFinite(slope) ? Math.abs(slope) * reach : 0);

/* Samples around a point: as far as to 0 and beyond, but not over many waves, nor where a pole makes the rest flat. */
function samplesAround(at, point) {
  for (let reach = Math.max(LEAST_REACH, 1.5 * Math.abs(point.x)); ; reach /= 2) {
    const samples = sampled(at, point.x - reach, point.x + reach);
    const size = Math.max(sizeOf([point]), sizeOf(samples));
    const isFine = turns(samples) <= MOST_TURNS && riseOf(point, reach) <= STEEPEST * size;
    if (isFine || reach < 1e-3 * Math.abs(point.x) || reach < 1e-12) return { samples, reach };
  }
}

/* The ends of the axes: what of some samples is near enough to the point to be seen beside it. */
function endsOf({ samples, reach }, point) {
  const middle = Number.isFinite(point.y) ? point.y : 0;
  const far = Math.max(2.5 * Math.abs(middle), riseOf(point, reach) / 8, reach);
  const seen = samples.map(({ y }) => Math.abs(y - middle) <= far);
  if (!seen.includes(true)) return null;
  const heights = [...samples.filter((_, n) => seen[n]).map(({ y }) => y), middle];
  const [low, high] = [Math.min(...heights), Math.max(...heights)];
  const spare = SPARE * (high - low) || 0.5 * Math.max(Math.abs(low), 1);
  const first = samples[Math.max(0, seen.indexOf(true) - 1)].x;
  const last = samples[Math.min(samples.length - 1, seen.lastIndexOf(true) + 1)].x;
  return { x: [Math.min(first, point.x), Math.max(last, point.x)], y: [low - spare, high + spare] };
}

/* Whether a curve jumps between two samples: it rises while its slopes fall, or much more than they do. */
function jumps(a, b, height) {
  const rises = [a, b].map(({ slope }) => slope * (b.x - a.x));
  const [least, most] = [Math.min(...rises), Math.max(...rises)];
  const rise = b.y - a.y;
  const slack = most - least + 0.02 * height;
  const isAgainstSlopes = (rise > 0 && most <= 0) || (rise < 0 && least >= 0);
  return (isAgainstSlopes && Math.abs(rise) > 0.02 * height) || rise > most + slack || rise < least - slack;
}

/* Samples towards the end of a curve, which is between one at which it has a number and one at which it has none. */
function towardsEnd(at, inside, outside) {
  const found = [];
  let [near, far] = [inside.x, outside.x];
  for (let n = 0; n < BISECTIONS; n += 1) {
    const sample = at((near + far) / 2);
    if (Number.isFinite(sample.y)) {
      found.push(sample);
      near = sample.x;
    } else far = sample.x;
  }
  return found;
}

/* The points (x, y) of a line along samples; where the curve has a gap or a pole, y is not finite. */
function lineThrough(at, samples, height) {
  const gap = [NaN, NaN];
  return samples.flatMap((sample, n) => {
    const points = [[sample.x, sample.y]];
    const before = samples[n - 1];
    if (!before) return points;
    const [known, is] = [before.y, sample.y].map(Number.isFinite);
    if (known && !is) return [...towardsEnd(at, before, sample).map(({ x, y }) => [x, y]), gap];
    if (!known && is) return [gap, ...towardsEnd(at, sample, before).toReversed().map(({ x, y }) => [x, y]), ...points];
    return known && jumps(before, sample, height) ? [gap, ...points] : points;
  });
}

/* The curve of an operation against the operand in a slot: the point, the line through `points`, and the `limits` of the
   axes; null if there is nothing to see. */
export function curveOf(node, slot) {
  const at = functionOf(node, slot);
  const point = at(data[nodes[node].operands[slot]]);
  if (!Number.isFinite(point.x)) return null;
  const limits = endsOf(samplesAround(at, point), point);
  if (limits === null || ![...limits.x, ...limits.y].every(Number.isFinite)) return null;
  const samples = [...sampled(at, ...limits.x), point].toSorted((a, b) => a.x - b.x);
  return { point, points: lineThrough(at, samples, limits.y[1] - limits.y[0]), limits };
}
