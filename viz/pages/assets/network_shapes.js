/* The shapes of the network: lines of weights, and labels on plates. */
import { setAttribute, setText, svg } from "./dom.js";

const BEND = 0.4; // how far a line is horizontal at its ends, as a share of its width

/* A line, and below it an invisible wider one, because a thin line is hard to point at and its focus hard to see. */
export function lineShape(parameter) {
  return { line: svg("path", { class: "weight", "data-parameter": parameter }), reach: svg("path", { class: "reach" }) };
}

/* Draws a line from one point to another, which leaves and arrives horizontally. */
export function placeLine({ line, reach }, { x1, y1, x2, y2 }) {
  const bend = BEND * (x2 - x1);
  const path = [x1, y1, x1 + bend, y1, x2 - bend, y2, x2, y2].map((at) => at.toFixed(1));
  for (const drawn of [line, reach]) setAttribute(drawn, "d", `M${path.slice(0, 2)}C${path.slice(2)}`);
}

/* A label that hides what is behind it. */
export function plateShape(name) {
  const plate = svg("rect");
  const text = svg("text", { "text-anchor": "middle" });
  return { element: svg("g", { class: `plate ${name}` }, plate, text), plate, text };
}

/* Positions a label; x is its left side, and y its middle. */
export function placePlate({ element, plate, text }, { x, y, width, height }) {
  setAll(plate, { y: -height / 2, width, height, rx: height / 5 });
  setAll(text, { x: width / 2, y: 0.29 * height });
  setAttribute(element, "transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
}

export function writePlate({ text }, shown) {
  setText(text, shown);
}

export function titleShape(shown) {
  const title = svg("text", { class: "title", "text-anchor": "middle" });
  setText(title, shown);
  return title;
}

/* Says how many neurons of each layer are left out: in their place, or where that is too small in the title. */
export function writeGaps({ gaps, titles, layout }, texts) {
  gaps.forEach((gap, depth) => {
    const isInTitle = gap.textContent !== "" && !layout.hasGap(depth);
    setAll(gap, { ...layout.gapAt(depth), visibility: isInTitle ? "hidden" : "visible" });
    setText(titles[depth], isInTitle ? `${texts[depth]}, ${gap.textContent}` : texts[depth]);
  });
}

export function setAll(target, attributes) {
  for (const [name, value] of Object.entries(attributes)) setAttribute(target, name, String(value));
}
