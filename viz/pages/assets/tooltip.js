/* The tooltip next to the element under the pointer or with the focus. */
import { byId, html } from "./dom.js";

/* Shows facts, pairs of a name and a text, next to an element. */
export function showTooltip(facts, target) {
  const tooltip = byId("tooltip");
  tooltip.replaceChildren(
    ...facts.map(([name, fact]) => html("div", {}, html("span", { textContent: name }), ` ${fact}`)),
  );
  tooltip.hidden = false;
  const { left, right, top, bottom } = target.getBoundingClientRect();
  const { width, height } = tooltip.getBoundingClientRect();
  const x = Math.min(Math.max(4, (left + right - width) / 2), innerWidth - width - 4);
  tooltip.style.left = `${x}px`;
  tooltip.style.top = `${bottom + height + 8 < innerHeight ? bottom + 8 : Math.max(4, top - height - 8)}px`;
}

export function hideTooltip() {
  byId("tooltip").hidden = true;
}

/* Shows the facts of an element while the pointer or the keyboard's focus is on it, next to another element if given. */
export function addTooltip(element, facts, place = element) {
  element.addEventListener("pointerenter", () => showTooltip(facts(), place));
  element.addEventListener("pointerleave", hideTooltip);
  element.addEventListener("focus", () => element.matches(":focus-visible") && showTooltip(facts(), place));
  element.addEventListener("blur", hideTooltip);
}
