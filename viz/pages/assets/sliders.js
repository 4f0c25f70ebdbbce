/* A slider and a field for the number of each input and parameter. */
import { element, made } from "./dom.js";
import { compute, leaves, nodes, variables } from "./graph.js";
import { showNumber } from "./math.js";

const STEPS = 100; // to either side of where a slider starts
const FEW = 40; // sliders that are all shown at once; of more, the parts of the model are opened one by one
const ORDER = { input: 0, plain: 1, parameter: 2 };

/* The length of a slider's step: about a fiftieth of the number, and round. */
function stepOf(origin) {
  const size = Math.max(1, Math.abs(origin)) / 50;
  if (!Number.isFinite(size)) return 0.02;
  const power = 10 ** Math.floor(Math.log10(size));
  return power * ([1, 2, 5].findLast((digit) => digit * power <= size * 1.000001) ?? 1);
}

function slider({ node, start }, place, changed) {
  const origin = Number(start);
  const step = stepOf(origin);
  const { name, kind, scope } = nodes[node];
  const range = made("input", { type: "range", min: -STEPS, max: STEPS, step: 1, value: 0 });
  const field = made("input", { type: "number", step: "any" });
  range.setAttribute("aria-label", `${name}, slider`);
  field.setAttribute("aria-label", name);
  const title = made("span", { className: "name", textContent: name, title: scope });
  const shown = made("div", { className: `slider ${kind}` }, title, range, field);

  function set(number) {
    leaves[place] = number;
    compute();
    changed();
  }
  let settled = NaN; // the number that is shown

  /* Shows the number as it is now; the field rounds it while nobody edits it there. */
  function settle() {
    const number = leaves[place];
    settled = number;
    range.value = String(Math.round((number - origin) / step) || 0); // where neither number is finite
    range.setAttribute("aria-valuetext", showNumber(number));
    field.title = String(number);
    if (document.activeElement === field) return;
    field.value = Number.isFinite(number) ? String(Number(number.toPrecision(6))) : "";
    field.placeholder = showNumber(number);
    field.removeAttribute("aria-invalid");
  }
  range.addEventListener("input", () => {
    const moved = range.valueAsNumber;
    set(moved === 0 ? origin : Number((origin + moved * step).toPrecision(12)));
  });
  field.addEventListener("input", () => {
    field.setAttribute("aria-invalid", String(Number.isNaN(field.valueAsNumber)));
    if (!Number.isNaN(field.valueAsNumber)) set(field.valueAsNumber);
  });
  field.addEventListener("focus", () => {
    if (Number.isFinite(leaves[place])) field.value = String(leaves[place]);
  });
  field.addEventListener("blur", settle);
  settle();
  const update = () => Object.is(settled, leaves[place]) || settle();
  return { shown, update, scope, kind };
}

let rows = [];

/* Makes the sliders; `changed` is called whenever one has moved. */
export function buildSliders(changed) {
  rows = variables.map((variable, place) => slider(variable, place, changed));
  const byScope = (a, b) => a.scope.localeCompare(b.scope, "en", { numeric: true });
  const sorted = rows.toSorted((a, b) => ORDER[a.kind] - ORDER[b.kind] || byScope(a, b));
  const groups = Map.groupBy(sorted, ({ scope }) => scope);
  for (const [scope, members] of groups) {
    const group = made("div", { className: "group" }, ...members.map(({ shown }) => shown));
    if (scope) {
      const title = made("summary", { textContent: scope });
      element("sliders").append(made("details", { open: rows.length <= FEW }, title, group));
    } else element("sliders").prepend(group);
  }
  element("leaves").hidden = !rows.length;
  element("reset").addEventListener("click", () => {
    variables.forEach(({ start }, place) => {
      leaves[place] = Number(start);
    });
    compute();
    changed();
  });
}

export function updateSliders() {
  for (const { update } of rows) update();
  element("reset").disabled = leaves.every((number, place) => Object.is(number, Number(variables[place].start)));
}
