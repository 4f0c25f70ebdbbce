/* Where everything in the network stands: a column for each layer, of pictures with labels at their left. */

const MOST = 8; // neurons of a layer that are drawn; the middle of a larger layer is left out

// Lengths, in the size of the page's text
const [LARGEST_SIDE, APART, TITLE, BOTTOM] = [6, 0.35, 1.8, 0.5]; // of a picture, between rows, of titles, below all
const [PLATE, ROW_OF_LABELS, LETTER, PADDING] = [1.15, 0.95, 0.49, 0.3]; // the heights of labels, and what makes their widths
const [WIDEST_GAP, AT_SIDES] = [28, 0.8]; // from layer to layer, and at both sides
const [SHORTEST_LINE, SMALLEST_SIDE] = [2, 2]; // where there is a choice
const WEIGHT = "−0.25"; // the longest label of a weight

/* The neurons of a layer that are drawn, counted from 0. */
export function drawnOf(size) {
  const all = Array.from({ length: size }, (_, n) => n);
  return size <= MOST ? all : [...all.slice(0, MOST - 2), size - 1];
}

export const rowsOf = (size) => Math.min(MOST, size);
const rowOf = (neuron, size) => (size > MOST && neuron > MOST - 3 ? MOST - 1 : neuron);

export class NetworkLayout {
  /* `sizes` are the numbers of inputs and of the neurons of each layer, `titles` those of the columns; `em` is the size
     of the page's text, and `width` and `height` are those of the space, all in pixels. */
  constructor({ sizes, titles, em, width, height }) {
    Object.assign(this, { sizes, em, top: TITLE * em, bottom: height - BOTTOM * em });
    this.labelWidth = [this.widthOf(`x${sizes[0]}`), this.widthOf(`b${Math.max(...sizes.slice(1))} = ${WEIGHT}`)];
    const room = this.bottom - this.top;
    const rows = Math.max(...sizes.map(rowsOf));
    const row = Math.min((LARGEST_SIDE + APART) * em, room / rows);
    this.side = Math.max(8, row - APART * em);
    this.fit(width, titles);
    this.labelled = sizes.map(
      (_, depth) => depth > 0 && this.hasWeights && rowsOf(sizes[depth]) * this.labelsOf(depth) <= room,
    );
    this.pitch = sizes.map((_, depth) => (this.labelled[depth] ? Math.max(row, this.labelsOf(depth)) : row));
    this.pitch[0] = Math.max(row, Math.min(room / rowsOf(sizes[0]), PLATE * em)); // inputs always have their labels
  }

  /* Sets the columns. Where they are narrow, weights have no labels; then pictures are smaller; then biases have none. */
  fit(width, titles) {
    const { sizes, em } = this;
    const gaps = sizes.length - 1;
    this.halfTitles = titles.map((title) => (LETTER * title.length * em) / 2);
    const half = (depth) => Math.max(this.side / 2, this.halfTitles.at(depth));
    const measure = () => {
      this.left = Math.max(half(0), this.side / 2 + this.labelWidth[0]);
      this.right = half(-1);
      this.across = Math.min(WIDEST_GAP * em, (width - this.left - this.right - 2 * AT_SIDES * em) / gaps);
      return this.across - this.side - this.labelWidth[1] - SHORTEST_LINE * em; // the length that lines have to spare
    };
    const widest = Math.max(...this.halfTitles.slice(1)) - this.side / 2 - this.labelWidth[1]; // of titles, beside labels
    this.hasWeights = measure() - Math.max(0, widest) >= this.widthOf(WEIGHT);
    if (!this.hasWeights && measure() < 0) this.side = Math.max(SMALLEST_SIDE * em, this.side + measure());
    this.hasBiases = measure() >= 0 && this.side + APART * em >= PLATE * em;
    if (!this.hasBiases) this.labelWidth[1] = 0;
    if (measure() < 0) this.side = Math.max(8, this.side + measure());
    measure();
    this.x = (depth) => (width + this.left - this.right) / 2 + this.across * (depth - gaps / 2);
  }

  /* The height of the labels of the weights of a neuron, one below the other, with the space below them. */
  labelsOf(depth) {
    return (ROW_OF_LABELS * drawnOf(this.sizes[depth - 1]).length + APART) * this.em;
  }

  widthOf(text) {
    return (LETTER * text.length + 2 * PADDING) * this.em;
  }

  y(depth, row) {
    return (this.top + this.bottom) / 2 + this.pitch[depth] * (row - (rowsOf(this.sizes[depth]) - 1) / 2);
  }

  titleAt(depth) {
    return { x: this.x(depth), y: this.y(depth, 0) - this.side / 2 - 0.5 * this.em };
  }

  /* Whether there is room between pictures for the sign for neurons that are left out. */
  hasGap(depth) {
    return 2 * this.pitch[depth] - this.side >= this.em;
  }

  /* The place of that sign. */
  gapAt(depth) {
    return { x: this.x(depth), y: this.y(depth, MOST - 2) + 0.3 * this.em };
  }

  /* The place of a picture. */
  pictureAt(depth, neuron) {
    const middle = this.y(depth, rowOf(neuron, this.sizes[depth]));
    return { x: this.x(depth) - this.side / 2, y: middle - this.side / 2, width: this.side, height: this.side };
  }

  /* The place of the label of a picture. */
  labelAt(depth, neuron) {
    const { x, y, height } = this.pictureAt(depth, neuron);
    const width = this.labelWidth[Math.min(1, depth)];
    return { x: x - width, y: y + height / 2, width, height: PLATE * this.em };
  }

  /* The place of the label of a weight, for the one at index `order` of those drawn at a neuron: in a column, which is
     higher than the picture may be, and so stands beside the title above it. */
  weightAt(depth, neuron, order) {
    const { x: end, y } = this.labelAt(depth, neuron);
    const x = Math.min(end, this.x(depth) - this.halfTitles[depth]);
    const [width, height] = [this.widthOf(WEIGHT), ROW_OF_LABELS * this.em];
    const half = (height * drawnOf(this.sizes[depth - 1]).length) / 2;
    const middle = Math.min(this.bottom - half, Math.max(half, y));
    return { x: x - width, y: middle - half + (order + 0.5) * height, width, height };
  }

  /* The ends of a line to a neuron: at the label of its weight, or if that is not shown at the label of the neuron. */
  lineAt(depth, from, neuron, isLabelled) {
    const start = this.pictureAt(depth - 1, from);
    const before = drawnOf(this.sizes[depth - 1]);
    const order = before.indexOf(from);
    const label = this.labelAt(depth, neuron);
    const port = ((order + 0.5) / before.length - 0.5) * 0.7 * label.height;
    const end = isLabelled ? this.weightAt(depth, neuron, order) : { x: label.x, y: label.y + port };
    return { x1: start.x + start.width, y1: start.y + start.height / 2, x2: end.x, y2: end.y };
  }
}
