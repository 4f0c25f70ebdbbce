/* The view of the code: the program, with the lines of the current step marked. */
import { byId, html, scrollToLine } from "./dom.js";
import { graph } from "./graph.js";
import { currentStep } from "./steps.js";

const lineElements = graph.code.map((text, number) =>
  html("span", { className: number === graph.comment ? "line comment" : "line", textContent: text }),
);
let marked = [];

byId("listing").append(...lineElements);

export function renderCode() {
  for (const line of marked) line.removeAttribute("aria-current");
  marked = (currentStep()?.lines ?? [0]).map((number) => lineElements[number]);
  for (const line of marked) line.setAttribute("aria-current", "step");
  if (marked.length) scrollToLine(byId("listing"), marked.at(-1));
}
