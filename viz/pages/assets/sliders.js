/* The sliders: one for each input and parameter, with a field for its number. */
import { byId, html } from "./dom.js";
import { numberField, setLeaf } from "./field.js";
import { compute, inReadingOrder, leaves, nodes, variables } from "./graph.js";
import { showNumber } from "./numbers.js";
import { tr } from "./words.js";

const STEPS = 100; // on either side of a slider's starting position
const LAST = 3; // letters of a name that stay where it is too long: names often differ in their last
const FEW = 40; // sliders shown all at once; more are in closed groups, one for each module

/* The step of a slider: about a fiftieth of its number, rounded. */
function stepOf(origin) {
  const size = Math.max(1, Math.abs(origin)) / 50;
  if (!Number.isFinite(size)) return 0.02;
  const power = 10 ** Math.floor(Math.log10(size));
  return power * ([1, 2, 5].findLast((digit) => digit * power <= size * 1.000001) ?? 1);
}

function slider({ node, start }, index, changed) {
  const origin = Number(start);
  const step = stepOf(origin);
  const { name, kind, scope } = nodes[node];
  const range = html("input", { type: "range", min: -STEPS, max: STEPS, step: 1, value: 0 });
  const { field, settle: settleField } = numberField(index, name, changed);
  range.setAttribute("aria-label", tr`${name}, slider`);
  const shortened = [name.slice(0, -LAST), name.slice(-LAST)].map((textContent) => html("span", { textContent }));
  const title = html("span", { className: "name", title: scope ? `${scope}.${name}` : name }, ...shortened);
  const shown = html("div", { className: `slider ${kind}` }, title, range, field);

  let settled = NaN; // the number that is shown

  function settle() {
    const number = leaves[index];
    settled = number;
    range.value = String(Math.round((number - origin) / step) || 0); // 0 if a number is not finite
    range.setAttribute("aria-valuetext", showNumber(number));
    settleField();
  }
  range.addEventListener("input", () => {
    const moved = range.valueAsNumber;
    setLeaf(index, moved === 0 ? origin : Number((origin + moved * step).toPrecision(12)));
    changed();
  });
  settle();
  const update = () => Object.is(settled, leaves[index]) || settle();
  return { shown, update, scope, node };
}

let rows = [];

/* Creates the sliders; `changed` is called whenever one moves. */
export function buildSliders(changed) {
  rows = variables.map((variable, index) => slider(variable, index, changed));
  const groups = Map.groupBy(rows.toSorted((a, b) => inReadingOrder(a.node, b.node)), ({ scope }) => scope);
  for (const [scope, members] of groups) {
    const group = html("div", { className: "group" }, ...members.map(({ shown }) => shown));
    if (scope) {
      const title = html("summary", { textContent: scope });
      byId("sliders").append(html("details", { open: rows.length <= FEW }, title, group));
    } else byId("sliders").prepend(group);
  }
  byId("leaves").hidden = !rows.length;
  byId("reset").addEventListener("click", () => {
    variables.forEach(({ start }, index) => {
      leaves[index] = Number(start);
    });
    compute();
    changed();
  });
}

/* The numbers that differ from those at the start, as text: "0:0.7,3:-1" gives the first and the fourth variable. */
export function changedLeaves() {
  const changed = leaves.flatMap((number, index) =>
    Object.is(number, Number(variables[index].start)) ? [] : [`${index}:${number}`],
  );
  return changed.length ? changed.join(",") : null;
}

/* Restores the numbers from such a text, those at the start from null; returns false if it is not one. */
export function restoreLeaves(text) {
  const numbers = variables.map(({ start }) => Number(start));
  for (const entry of text?.split(",") ?? []) {
    const [, index, digits] = entry.match(/^([0-9]+):(\S+)$/) ?? [];
    const number = Number(digits);
    if (!(index < numbers.length) || (Number.isNaN(number) && digits !== "NaN")) return false;
    numbers[index] = number;
  }
  numbers.forEach((number, index) => {
    leaves[index] = number;
  });
  compute();
  return true;
}

export function updateSliders() {
  for (const { update } of rows) update();
  byId("reset").disabled = leaves.every((number, index) => Object.is(number, Number(variables[index].start)));
}
