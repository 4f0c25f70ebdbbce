/* The tooltip next to the element under the pointer or with the focus. */
import { byId, html } from "./dom.js";
import { overlap, placeOf, widened } from "./place.js";

const TO_EDGE = 4; // pixels to the edge of the window
const TO_OTHERS = 8; // pixels to its target and the neighbours of that, if there is room
// What it does not cover either, as long as there is room, and how much a covered pixel of it counts: one pixel of what
// matters counts for more than the whole of a tooltip over the rest.
const OTHERS = {
  ".box.current, .box.operand, .box.receiver": 2e6,
  "#controls, #tools, .heading :is(button, select, label)": 1e6,
  ".chip:not([visibility]), [aria-current]": 1e6,
  ".slider, summary, #equation, #sentence": 1,
};
const MATTERS = 1e6;
const NEVER = 1e12; // its target, and the neighbours of that
let tipped = null; // what it shows: its facts, its target, and more

/* Shows facts, pairs of a name and a text, next to an element. `more` may have draw(host), which adds a picture, if there
   is room for it, and neighbours(), rectangles on the screen that are not to be covered. */
export function showTooltip(facts, target, more = {}) {
  tipped = { facts, target, more };
  const tooltip = byId("tooltip");
  tooltip.replaceChildren(
    ...facts().map(([name, fact]) => html("div", { className: "fact" }, html("span", { textContent: name }), ` ${fact}`)),
  );
  tooltip.hidden = false;
  const box = target.getBoundingClientRect();
  const near = [box, ...(more.neighbours?.() ?? [])].map((rectangle) => widened(rectangle, TO_OTHERS));
  const bounds = { left: TO_EDGE, top: TO_EDGE, right: innerWidth - TO_EDGE, bottom: innerHeight - TO_EDGE };
  const find = () => {
    const { width, height } = tooltip.getBoundingClientRect();
    const wanted = { left: (box.left + box.right - width) / 2, top: box.bottom + TO_OTHERS };
    return roomFor([width, height], wanted, near, bounds) ?? cornerOf(target, [width, height], near, bounds);
  };
  const picture = more.draw?.(tooltip);
  let place = find();
  if (picture && place.covered >= MATTERS) {
    picture.remove();
    place = find();
  }
  tooltip.style.left = `${place.left}px`;
  tooltip.style.top = `${place.top}px`;
}

/* Where nothing near the target is covered, and as little of all others as possible; null if there is no such place. */
function roomFor(size, wanted, near, bounds) {
  const others = Object.entries(OTHERS).flatMap(([selector, weight]) => weighted(visible(selector, bounds), weight));
  const place = placeOf(size, wanted, [...weighted(near, NEVER), ...others], bounds);
  return place.covered < NEVER ? place : null;
}

const weighted = (rectangles, weight) =>
  rectangles.map(({ left, top, right, bottom }) => ({ left, top, right, bottom, weight }));

/* The rectangles of the elements that match, as far as they are on the screen, and not scrolled out of their view. */
function visible(selector, bounds) {
  return [...document.querySelectorAll(selector)].flatMap((element) => {
    const host = element.closest("#canvas, #equations, #listing, #sliders") ?? document.documentElement;
    const [own, view] = [element.getBoundingClientRect(), host.getBoundingClientRect()];
    const left = Math.max(own.left, view.left, bounds.left);
    const top = Math.max(own.top, view.top, bounds.top);
    const right = Math.min(own.right, view.right, bounds.right);
    const bottom = Math.min(own.bottom, view.bottom, bounds.bottom);
    return left < right && top < bottom ? [{ left, top, right, bottom }] : [];
  });
}

/* Where nothing is free: the corner of the panel around an element at which a size covers least of what is near it. */
function cornerOf(target, [width, height], near, bounds) {
  const panel = (target.closest("section") ?? document.documentElement).getBoundingClientRect();
  const inside = (at, low, high) => Math.max(low, Math.min(at, high));
  const corners = [panel.left, panel.right - width].flatMap((left) =>
    [panel.top, panel.bottom - height].map((top) => ({
      left: inside(left, bounds.left, bounds.right - width),
      top: inside(top, bounds.top, bounds.bottom - height),
      covered: NEVER,
    })),
  );
  const covered = (wanted) => {
    const place = { left: wanted.left, top: wanted.top, right: wanted.left + width, bottom: wanted.top + height };
    return near.reduce((sum, rectangle) => sum + overlap(place, rectangle), 0);
  };
  return corners.toSorted((a, b) => covered(a) - covered(b))[0];
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
