/* The shapes of samples. Classes differ by shape and colour. */
import { html, setAttribute, svg } from "./dom.js";
import { tr } from "./words.js";

const SHAPES = [
  "M-5-5h10v10h-10z",
  "M-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0",
  "M0-6.5 6 4.5h-12z",
  "M0-7 6 0 0 7-6 0z",
  "M0 6.5 6-4.5h-12z",
  "M-2-6h4v4h4v4h-4v4h-4v-4h-4v-4h4z",
  "M-6-3.5-3.5-6 0-2.5 3.5-6 6-3.5 2.5 0 6 3.5 3.5 6 0 2.5-3.5 6-6 3.5-2.5 0z",
  "M0-7 1.8-2.2 6.7-2.2 2.7.8 4.1 5.7 0 2.8-4.1 5.7-2.7.8-6.7-2.2-1.8-2.2z",
];
const PLAIN = 1; // the index of the shape for samples without classes

/* The name of a class's colour. With more than eight classes, those that share a shape differ in colour. */
export const shadeOf = (label) => `class${(label + Math.floor(label / SHAPES.length)) % SHAPES.length}`;

export function shapeOf(label) {
  const shape = svg("path", { d: SHAPES[(label ?? PLAIN) % SHAPES.length], class: "marker" });
  if (label !== undefined) shape.style.fill = `var(--${shadeOf(label)})`;
  return shape;
}

/* The size of markers: the more samples, the smaller; in a plot whose shorter side is long, larger. */
export const sizeOf = (count, side = 0) =>
  Math.max(0.7, Math.min(1.6, 4 / Math.log2(count + 1))) * Math.max(1, Math.min(2, side / 400));

/* A class in words: a name stands for itself, a number does not. */
export const wordsForClass = (name) => (Number.isNaN(Number(name.replace("−", "-"))) ? name : tr`class ${name}`);

/* A marker with what it stands for. */
export function legendEntry(shape, words) {
  return html("span", {}, svg("svg", { viewBox: "-8 -8 16 16", "aria-hidden": "true" }, shape), words);
}

/* The marker and the name of each class. */
export const legendOf = (names) => names.map((name, label) => legendEntry(shapeOf(label), wordsForClass(name)));

/* The marker of a held-out sample. */
export function heldOutShape(label) {
  const shape = shapeOf(label);
  shape.classList.add("held-out");
  return shape;
}

export function placeShape(shape, x, y, size) {
  setAttribute(shape, "transform", `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${size})`);
}
