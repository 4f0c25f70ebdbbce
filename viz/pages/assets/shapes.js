/* The shapes of a diagram: boxes, arrows and frames as SVG elements. */
import { contentsInWords } from "./contents.js";
import { setAttribute, setClass, setText, svg } from "./dom.js";
import { showNumber } from "./numbers.js";
import { tr } from "./words.js";

const LINE = 15; // points from line to line in a box
const CHARACTER = 7.2; // points for each character in a box
const CHIP_HEIGHT = 17;
const CHIP_WIDEST = 68; // points: it fits between two columns

/* A box and its texts by their classes; the lines for numbers are still empty.

   `fold` is the fold that it shows, or null; `node` is the node otherwise. */
export function boxShape(box, fold, node, rectangle) {
  const [x, y, width, height] = rectangle;
  const element = svg(
    "g",
    { class: `box ${fold ? "fold" : node.kind}`, role: "button", tabindex: "0", "data-box": box },
    svg("rect", { x, y, width, height, rx: 6 }),
  );
  const texts = textShapes(fold ? linesOfFold(fold) : linesOf(node), rectangle);
  if (fold) {
    texts.name.textContent = fold.title;
    contentsInWords(fold).forEach((part, number) => {
      writeLine(texts[`contents part${number}`], part, width);
    });
    if (fold.module >= 0) element.setAttribute("aria-expanded", "false");
  } else if (node.operation) {
    texts.name.textContent = node.name;
    texts.symbol.textContent = node.operation;
  } else if (texts.name) {
    const symbol = svg("tspan", { class: "symbol" });
    symbol.textContent = node.symbol;
    texts.name.append(symbol, node.symbol && node.name ? " " : "", node.name);
  }
  const warning = svg("text", { class: "sign", x: x + width - 2, y: y + 5, "text-anchor": "middle" });
  warning.textContent = "⚠";
  element.append(...Object.values(texts), warning);
  return { element, texts };
}

/* The classes of the lines of text in the box of a fold. It has no numbers if several nodes in it are used elsewhere. */
function linesOfFold({ contents, output }) {
  const header = ["name", ...contents.map((_, number) => `contents part${number}`)];
  return output === null ? header : [...header, "value", "gradient"];
}

/* The classes of the lines of text in the box of a node. An operation on bare numbers has a line of its own. */
function linesOf(node) {
  const header = node.name || node.symbol ? ["name"] : [];
  if (node.operation) header.push("symbol");
  return node.kind === "constant" ? [...header, "value"] : [...header, "value", "gradient"];
}

function textShapes(lines, [x, y, width, height]) {
  const top = y + height / 2 - (lines.length * LINE) / 2 + 11;
  return Object.fromEntries(
    lines.map((line, number) => [
      line,
      svg("text", { class: line, x: x + width / 2, y: top + number * LINE, "text-anchor": "middle" }),
    ]),
  );
}

/* Writes a number into a line of a box, in narrower letters if it is too long for the width of the box; `unknown`
   while it is undefined, so that a box is as complete before its step as after it. */
export function writeNumber(text, title, number, width, unknown) {
  const shown = title + (number === undefined ? unknown : showNumber(number));
  setClass(text, "unknown", number === undefined);
  writeLine(text, shown, width);
}

/* Writes a line of a box, in narrower letters if it is too long for its width. */
function writeLine(text, shown, width) {
  setText(text, shown);
  setAttribute(text, "textLength", shown.length * CHARACTER > width - 8 ? String(width - 8) : undefined);
  setAttribute(text, "lengthAdjust", "spacingAndGlyphs");
}

/* An arrow along a Bézier curve, given by its numbers: start, control points and end. */
export function arrowShape(numbers, isGate) {
  const points = [];
  for (let n = 0; n < numbers.length; n += 2) points.push([numbers[n], numbers[n + 1]]);
  const [start, ...rest] = points;
  const tip = points.at(-1);
  const line = svg("path", { d: `M${start}C${rest.join(" ")}` });
  const element = svg(
    "g",
    { class: isGate ? "arrow gate" : "arrow" },
    line,
    svg("polygon", { class: "head", points: arrowhead(tip, points.at(-2)) }),
    svg("polygon", { class: "head back", points: arrowhead(start, points[1]) }),
  );
  return { element, line };
}

/* The corners of an arrowhead at a point, coming from another. */
function arrowhead([x, y], [fromX, fromY]) {
  const length = Math.hypot(x - fromX, y - fromY) || 1;
  const [dx, dy] = [(7 * (x - fromX)) / length, (7 * (y - fromY)) / length];
  return `${x},${y} ${x - dx - dy / 2.2},${y - dy + dx / 2.2} ${x - dx + dy / 2.2},${y - dy - dx / 2.2}`;
}

/* A label on a plate, at first without text. */
export function chipShape() {
  return svg("g", { class: "chip" }, svg("rect", { height: CHIP_HEIGHT, rx: 4 }), svg("text", { y: 13, "text-anchor": "middle" }));
}

/* Writes the text of a chip, in narrower letters if it is long, or "" to hide it; returns its size. */
export function writeChip(chip, text) {
  const [plate, label] = chip.children;
  const full = text.length * CHARACTER + 8;
  const width = Math.min(full, CHIP_WIDEST);
  setAttribute(chip, "visibility", text ? undefined : "hidden");
  setText(label, text);
  setAttribute(label, "textLength", full > width ? String(width - 8) : undefined);
  setAttribute(label, "lengthAdjust", "spacingAndGlyphs");
  setAttribute(label, "x", String(width / 2));
  setAttribute(plate, "width", String(width));
  return [width, CHIP_HEIGHT];
}

/* The frame around an open module, the handle that folds it, and the rectangle of that. */
export function frameShape({ path, title }, [x, y, width, height]) {
  const heading = svg("text", { x: x + 20, y: y + 16 });
  heading.textContent = title;
  const room = [x + 3, y + 3, Math.min(width - 6, 26 + title.length * CHARACTER), 18];
  const handle = svg(
    "g",
    { class: "handle", role: "button", tabindex: "0", "aria-expanded": "true", "aria-label": tr`Fold ${path}` },
    svg("rect", { x: room[0], y: room[1], width: room[2], height: room[3], rx: 4 }),
    svg("path", { class: "sign", d: `M${x + 8} ${y + 12}h8` }),
    heading,
  );
  return { element: svg("g", { class: "frame" }, svg("rect", { x, y, width, height, rx: 8 }), handle), handle, room };
}
