/* The view of the code: one line for each step, or the program as compiled, with the lines of the current step marked. */
import { byId, html, scrollToLine } from "./dom.js";
import { backward, forward, graph } from "./graph.js";
import { currentStep, isBackward, position } from "./steps.js";

const AS_STEPS = {
  lines: ["# forward", ...forward.map(({ code }) => code), "# backward", ...backward.map(({ code }) => code)],
  comments: [0, forward.length + 1],
  current: () => [position + (isBackward() ? 1 : 0)],
};
const AS_COMPILED = {
  lines: graph.code,
  comments: [graph.comment],
  current: () => currentStep()?.lines ?? [0],
};

let shown = null; // one of these two
let elements = [];
let marked = [];

function renderListing(listing) {
  shown = listing;
  elements = listing.lines.map((text, number) =>
    html("span", { className: listing.comments.includes(number) ? "line comment" : "line", textContent: text }),
  );
  byId("listing").replaceChildren(...elements);
  marked = [];
}

export function renderCode() {
  const listing = byId("compiled").checked ? AS_COMPILED : AS_STEPS;
  if (listing !== shown) renderListing(listing);
  for (const line of marked) line.removeAttribute("aria-current");
  marked = shown.current().map((number) => elements[number]);
  for (const line of marked) line.setAttribute("aria-current", "step");
  if (marked.length) scrollToLine(byId("listing"), marked.at(-1));
}

byId("compiled").addEventListener("change", renderCode);
