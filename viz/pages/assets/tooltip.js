/* All digits of what is pointed at or has the focus. */
import { element, made } from "./dom.js";
import { data, graph, nodes } from "./graph.js";
import { gradientsNow, isKnown } from "./steps.js";

function factsOf(box) {
  if (box < 0) {
    const { title, counted, module } = graph.folds[-box - 1];
    return [["", title], ["", counted], ["", module < 0 ? "" : "press to open"]];
  }
  const { name, op, kind, scope } = nodes[box];
  const gradient = gradientsNow()[box];
  return [
    ["", [scope, name].filter(Boolean).join(".")],
    ["", op || kind],
    ["value", isKnown(box) ? String(data[box]) : ""],
    ["gradient", gradient === undefined ? "" : String(gradient)],
  ];
}

/* Shows what is known of a box beside its element; null hides it. */
export function showTooltip(box, target) {
  showFacts(box === null ? [] : factsOf(box).filter(([, fact]) => fact), target);
}

/* Shows facts, each with what it is about, beside an element; none hide them. */
export function showFacts(facts, target) {
  const tooltip = element("tooltip");
  tooltip.hidden = !facts.length;
  if (!facts.length) return;
  tooltip.replaceChildren(
    ...facts.map(([what, fact]) => made("div", {}, made("span", { textContent: what }), ` ${fact}`)),
  );
  const { left, right, top, bottom } = target.getBoundingClientRect();
  const { width, height } = tooltip.getBoundingClientRect();
  const x = Math.min(Math.max(4, (left + right - width) / 2), innerWidth - width - 4);
  tooltip.style.left = `${x}px`;
  tooltip.style.top = `${bottom + height + 8 < innerHeight ? bottom + 8 : Math.max(4, top - height - 8)}px`;
}
