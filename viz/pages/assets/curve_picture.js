/* Pictures of an operation: its curve against each operand, the point where it is now, and the tangent there. */
import { Chart } from "./chart.js";
import { curveOf, slotsOf } from "./curve.js";
import { html, svg } from "./dom.js";
import { data, nameOf, nodes } from "./graph.js";
import { showNumber } from "./numbers.js";
import { isKnown, tellsAnswer } from "./steps.js";
import { tr } from "./words.js";

const MOST_CURVES = 4; // of an operation
const LONGEST_NAME = 18; // letters of a name on an axis
const CLOSE = { x: 3.2, y: 2 }; // from tick to tick, in em
const ORDINALS = [tr`1st`, tr`2nd`, tr`3rd`];

const shortened = (name) => (name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name);

/* The name of an operand; of one that is used several times, with its place. */
function operandName(node, slot) {
  const { operands } = nodes[node];
  const isRepeated = operands.filter((operand) => operand === operands[slot]).length > 1;
  return shortened(nameOf(operands[slot])) + (isRepeated ? ` (${ORDINALS[slot] ?? tr`${slot + 1}th`})` : "");
}

/* The slope of a curve in bold, with all its digits; a question mark while it would tell what is to be predicted. */
function slopeShown(node, slot, slope) {
  if (tellsAnswer(node, slot, slope)) return html("b", { textContent: "?" });
  return html("b", { textContent: showNumber(slope), dataset: { slope: String(slope) } });
}

/* What is shown besides a curve: its slope, which is the local derivative, and the numbers that are held. */
function captionOf(node, slot, slope) {
  const held = slotsOf(node)
    .filter((other) => other !== slot)
    .map((other) => `${operandName(node, other)} = ${showNumber(data[nodes[node].operands[other]])}`);
  const caption = html("figcaption", {}, tr`slope`, " ", slope);
  if (held.length) caption.append(html("span", { textContent: ` (${held.join(", ")})` }));
  return caption;
}

/* The tangent at a point: a line over the whole chart; upright if the slope is infinite, none if it is not known. */
function tangentOf(chart, { x, y, slope }) {
  if (Number.isNaN(slope) || !Number.isFinite(y)) return "";
  if (!Number.isFinite(slope)) return `M${chart.x(x)} ${chart.top}V${chart.bottom}`;
  const ends = chart.limits.x.map((end) => `${chart.x(end).toFixed(1)} ${chart.y(y + slope * (end - x)).toFixed(1)}`);
  return `M${ends.join("L")}`;
}

function drawCurve(host, node, slot) {
  const curve = curveOf(node, slot);
  if (curve === null) return;
  const { point, points, limits } = curve;
  const name = operandName(node, slot);
  const plot = html("div", { className: "plot" });
  const slope = slopeShown(node, slot, point.slope);
  host.append(html("figure", {}, plot, captionOf(node, slot, slope)));
  const place = tr`at ${showNumber(point.x)}, ${showNumber(point.y)} with slope ${slope.textContent}`;
  const description = tr`${nameOf(node)} against ${name}: ${place}`;
  const chart = new Chart(plot, { ...limits, names: [name, shortened(nameOf(node))], description, room: CLOSE });
  chart.measure();
  const [x, y, width, height] = [chart.left, chart.top, chart.right - chart.left, chart.bottom - chart.top];
  chart.content.append(
    // a window of its own, for the lines lead out of it
    svg(
      "svg",
      { x, y, width, height, viewBox: `${x} ${y} ${width} ${height}`, "aria-hidden": "true" },
      svg("path", { class: "tangent", d: tangentOf(chart, point) }),
      svg("path", { class: "curve", d: chart.path(points) }),
    ),
  );
  if (Number.isFinite(point.y)) {
    chart.content.append(svg("circle", { class: "dot", cx: chart.x(point.x), cy: chart.y(point.y), r: 5 }));
  }
}

/* Shows the curves of an operation that is computed in `host`, in place of what it shows; nothing for another node. */
export function drawCurves(host, node) {
  host.replaceChildren();
  const slots = node !== null && isKnown(node) ? slotsOf(node).slice(0, MOST_CURVES) : [];
  for (const slot of slots) drawCurve(host, node, slot);
  host.hidden = !host.hasChildNodes();
}
