/* A matrix as a grid of cells, whose colours show sign and size: with the numbers in them if they are few, else as pixels. */
import { html, setClass, setText } from "./dom.js";
import { brief, showNumber } from "./numbers.js";
import { shadeAt, shadesOf } from "./shading.js";
import { tr } from "./words.js";

const [MOST_ROWS, MOST_COLUMNS] = [16, 6]; // with numbers
const STRONGEST = 45; // percent of colour behind a number, which stays legible
const FULL_COLOUR = 0.9; // of a pixel
const LONGEST = 11; // rem: the longer side of a grid of pixels
const [LEAST, MOST] = [0.7, 1.2]; // rem: the shorter side of such a grid at least, and a cell at most

const SMALL = 0.095; // a smaller number has two digits other than 0, so that a cell does not read 0.00

const textOf = (x) => (x !== 0 && Math.abs(x) < SMALL ? showNumber(Number(x.toPrecision(2))) : brief(x));

/* The length of the text of a number from its point on; 0 for one with an exponent. */
const fractionOf = (text) => /^−?\d+(\.\d+)$/.exec(text)?.[1].length ?? 0;

const arrowKeys = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/* The largest finite size of some numbers, where colours are full. */
export function reachOf(numbers) {
  return numbers.reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 0);
}

export class Grid {
  /* `numbers` are those of a matrix, row by row; `name` is that for screen readers. `on` has the actions
     point(row, column, grid), with row -1 for none, and press(row). */
  constructor({ rows, columns }, numbers, name, on) {
    Object.assign(this, { rows, columns, numbers, name, on });
    this.reach = reachOf(numbers) || 1;
    this.cursor = html("div", { className: "cursor", hidden: true });
    this.at = [0, 0]; // where the keyboard is
    this.isShown = null;
    this.hasNumbers = rows <= MOST_ROWS && columns <= MOST_COLUMNS;
    this.face = this.hasNumbers ? this.table() : this.pixels();
    this.element = html("div", { className: this.hasNumbers ? "grid" : "grid of-pixels", tabIndex: 0 }, this.face, this.cursor);
    this.element.setAttribute("role", "group");
    this.listen();
  }

  table() {
    const texts = Array.from(this.numbers, textOf);
    this.texts = texts;
    const places = Math.max(...texts.map(fractionOf));
    this.indents = texts.map((text) => (/^−?\d/.test(text) && !text.includes("e") ? places - fractionOf(text) : 0));
    const longest = Math.max(...texts.map((text, at) => text.length + this.indents[at]));
    this.cells = texts.map(() => html("td", {}));
    const row = (_, at) => html("tr", {}, ...this.cells.slice(at * this.columns, (at + 1) * this.columns));
    const body = html("tbody", {}, ...Array.from({ length: this.rows }, row));
    const table = html("table", {}, body);
    table.style.setProperty("--longest", longest); // as wide before the numbers are known as after
    table.setAttribute("role", "presentation"); // the group has the name
    return table;
  }

  pixels() {
    const canvas = html("canvas", { width: this.columns, height: this.rows });
    canvas.setAttribute("aria-hidden", "true");
    const cell = Math.min(MOST, LONGEST / Math.max(this.rows, this.columns));
    canvas.style.width = `${Math.max(LEAST, cell * this.columns)}rem`;
    canvas.style.height = `${Math.max(LEAST, cell * this.rows)}rem`;
    return canvas;
  }

  listen() {
    const { element } = this;
    const cellAt = ({ clientX, clientY }) => {
      const { left, top, width, height } = this.face.getBoundingClientRect();
      const inside = (share, count) => Math.min(count - 1, Math.max(0, Math.floor(share * count)));
      return [inside((clientY - top) / height, this.rows), inside((clientX - left) / width, this.columns)];
    };
    element.addEventListener("pointerdown", (event) => event.preventDefault()); // the arrow keys stay with the steps
    element.addEventListener("mousedown", (event) => event.preventDefault());
    element.addEventListener("pointermove", (event) => this.point(cellAt(event)));
    element.addEventListener("pointerleave", () => this.point(null));
    element.addEventListener("click", (event) => {
      event.stopPropagation();
      this.on.press(cellAt(event)[0]);
    });
    element.addEventListener("focus", () => element.matches(":focus-visible") && this.point(this.at));
    element.addEventListener("blur", () => this.point(null));
    element.addEventListener("keydown", (event) => this.onKey(event));
  }

  onKey(event) {
    const by = arrowKeys[event.key];
    if (!by && event.key !== "Enter") return;
    event.preventDefault();
    event.stopPropagation();
    if (!by) {
      this.on.press(this.at[0]);
      return;
    }
    const inside = (at, count) => Math.min(count - 1, Math.max(0, at));
    this.at = [inside(this.at[0] + by[0], this.rows), inside(this.at[1] + by[1], this.columns)];
    this.point(this.at);
  }

  /* Points at a cell, null for none. */
  point(cell) {
    this.cursor.hidden = !cell;
    if (cell) {
      const [row, column] = cell;
      const share = (part, whole) => `${((100 * part) / whole).toFixed(3)}%`;
      Object.assign(this.cursor.style, {
        left: share(column, this.columns),
        top: share(row, this.rows),
        width: share(1, this.columns),
        height: share(1, this.rows),
      });
    }
    this.on.point(cell, this);
  }

  /* Shows the numbers, or that they are not known yet. */
  show(isShown) {
    if (isShown === this.isShown) return;
    this.isShown = isShown;
    this.element.setAttribute("aria-label", isShown ? this.name : tr`${this.name}, not computed yet`);
    setClass(this.element, "pending", !isShown);
    if (this.hasNumbers) this.writeNumbers();
    else this.paint();
  }

  writeNumbers() {
    this.cells.forEach((cell, at) => {
      const x = this.numbers[at];
      setText(cell, this.isShown ? this.texts[at] : "…");
      if (!this.isShown) {
        cell.removeAttribute("data-value");
        cell.style.background = "";
        cell.style.removeProperty("--indent");
        return;
      }
      cell.style.setProperty("--indent", this.indents[at]);
      cell.dataset.value = String(x);
      const share = Math.round(STRONGEST * (Math.min(1, Math.abs(x) / this.reach) || 0));
      cell.style.background = `color-mix(in srgb, var(--${x < 0 ? "negative" : "positive"}) ${share}%, var(--background))`;
    });
  }

  /* Paints the pixels, in the colours of the palette. */
  paint() {
    if (this.hasNumbers) return;
    const { rows, columns } = this;
    const context = this.face.getContext("2d");
    context.clearRect(0, 0, columns, rows);
    if (!this.isShown) return;
    const shades = shadesOf(FULL_COLOUR);
    const pixels = Uint32Array.from(this.numbers, (x) => shadeAt(shades, x, 0, this.reach));
    context.putImageData(new ImageData(new Uint8ClampedArray(pixels.buffer), columns, rows), 0, 0);
  }
}
