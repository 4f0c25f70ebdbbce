/* The tooltip next to the element under the pointer or with the focus. */
import { byId, html } from "./dom.js";
import { placeOf, widened } from "./place.js";

const TO_EDGE = 4; // pixels to the edge of the window
const TO_OTHERS = 8; // pixels to what it must not cover
let tipped = null; // what it shows: its facts, its target, and more

/* Shows facts, pairs of a name and a text, next to an element. `more` may have draw(host), which adds a picture, and
   neighbours(), rectangles on the screen that are not to be covered. */
export function showTooltip(facts, target, more = {}) {
  tipped = { facts, target, more };
  const tooltip = byId("tooltip");
  tooltip.replaceChildren(
    ...facts().map(([name, fact]) => html("div", { className: "fact" }, html("span", { textContent: name }), ` ${fact}`)),
  );
  tooltip.hidden = false;
  more.draw?.(tooltip);
  const { width, height } = tooltip.getBoundingClientRect();
  const box = target.getBoundingClientRect();
  const wanted = { left: (box.left + box.right - width) / 2, top: box.bottom + TO_OTHERS };
  const obstacles = [box, ...(more.neighbours?.() ?? [])].map((rectangle) => widened(rectangle, TO_OTHERS));
  const bounds = { left: TO_EDGE, top: TO_EDGE, right: innerWidth - TO_EDGE, bottom: innerHeight - TO_EDGE };
  const { left, top } = placeOf([width, height], wanted, obstacles, bounds);
  tooltip.style.left = `${left}px`;
  tooltip.style.top = `${top}px`;
}

export function hideTooltip() {
  tipped = null;
  byId("tooltip").hidden = true;
}

/* Brings the tooltip up to date after a step; hides it if its element is gone. */
export function refreshTooltip() {
  if (tipped?.target.isConnected) showTooltip(tipped.facts, tipped.target, tipped.more);
  else hideTooltip();
}

/* Shows the facts of an element while the pointer or the keyboard's focus is on it, next to another element if given;
   `more` is that of showTooltip. */
export function addTooltip(element, facts, place = element, more = {}) {
  const show = () => showTooltip(facts, place, more);
  element.addEventListener("pointerenter", show);
  element.addEventListener("pointerleave", hideTooltip);
  element.addEventListener("focus", () => element.matches(":focus-visible") && show());
  element.addEventListener("blur", hideTooltip);
}
