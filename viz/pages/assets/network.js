/* The network: neurons as pictures with their biases, and weights as lines, whose colour and width show sign and size. */
import { activationOf, activationShare, hasActivations } from "./activations.js";
import { byId, setAttribute, setClass, svg } from "./dom.js";
import { drawnOf, NetworkLayout, rowsOf } from "./network_layout.js";
import { lineShape, placeLine, placePlate, plateShape, setAll, titleShape, writeGaps, writePlate } from "./network_shapes.js";
import { hasPictures, NeuronPicture, preparePictures } from "./neurons.js";
import { brief, showNumber } from "./numbers.js";
import { addTooltip } from "./tooltip.js";
import { layers, recorded, training, weights } from "./training.js";
import { tr } from "./words.js";

const MOST_FACTS = 12; // weights in a tooltip
const [WIDEST, WIDEST_SHARE] = [10, 0.14]; // the largest width of a line, in pixels and as a share of a picture's side

const largest = recorded.flat().reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 0) || 1;
const shareOf = (x) => Math.min(1, Math.abs(x) / largest) || 0;
const fact = (parameter) => [training.names[parameter], String(weights[parameter])];
const sizes = [layers[0]?.weight[0].length ?? 0, ...layers.map(({ bias }) => bias.length)];
const titles = [tr`inputs`, ...layers.map(({ activation }) => activation)];

function signOf(x) {
  if (x === 0 || Number.isNaN(x)) return "none";
  return x > 0 ? "positive" : "negative";
}

export class Network {
  /* Fills `host`; `gradientOf(parameter)` is the gradient of a parameter, undefined if the page does not know it. */
  constructor(host, gradientOf) {
    this.host = host;
    this.gradientOf = gradientOf;
    this.scene = svg("svg", { role: "group", "aria-label": tr`The network` });
    this.pointed = null; // the picture at which the viewer points
    const drawn = sizes.map(drawnOf);
    this.pictures = drawn.flatMap((neurons, depth) => neurons.map((neuron) => new NeuronPicture(depth, neuron)));
    this.lines = layers.flatMap(({ weight }, before) =>
      drawn[before + 1].flatMap((to) => drawn[before].map((from) => this.addLine(before + 1, from, to, weight[to][from]))),
    );
    for (const picture of this.pictures) this.connect(picture);
    this.titles = titles.map(titleShape);
    this.gaps = sizes.map((size, depth) => titleShape(size > drawn[depth].length ? tr`${size - drawn[depth].length} more` : ""));
    this.scene.append(
      ...this.lines.flatMap(({ reach, line }) => [reach, line]),
      ...this.titles,
      ...this.pictures.map(({ group }) => group),
      ...this.gaps,
      ...this.lines.map(({ label }) => label.element),
    );
    host.append(...this.pictures.map(({ raster }) => raster?.canvas).filter(Boolean), this.scene);
    host.parentElement.style.setProperty("--rows", String(Math.max(...sizes.map(rowsOf))));
    byId("colours-hint").hidden = hasPictures || !hasActivations;
    this.readShades = preparePictures(this.pictures, () => this.render());
    new ResizeObserver(() => this.layOut()).observe(host);
  }

  addLine(depth, from, to, parameter) {
    const shape = lineShape(parameter);
    setAll(shape.reach, { tabindex: -1, role: "img" });
    addTooltip(shape.reach, () => [fact(parameter)]);
    return { ...shape, depth, from, to, parameter, label: plateShape("of-weight"), isLabelled: false };
  }

  /* Connects a picture with its parameters, which its tooltip shows; pointing at it shows its weights alone. */
  connect(picture) {
    const { depth, neuron, group } = picture;
    picture.lines = this.lines.filter((line) =>
      depth ? line.depth === depth && line.to === neuron : line.depth === 1 && line.from === neuron,
    );
    picture.parameter = depth ? layers[depth - 1].bias[neuron] : null;
    if (depth) {
      const parameters = [picture.parameter, ...layers[depth - 1].weight[neuron].slice(0, MOST_FACTS)];
      setAll(group, { tabindex: 0, role: "img", "data-parameter": picture.parameter });
      this.addKeys([group, ...picture.lines.map(({ reach }) => reach)]);
      const output = () => (hasActivations ? [[tr`output for the sample`, String(activationOf(depth, neuron))]] : []);
      addTooltip(group, () => [...output(), ...parameters.map(fact)], this.host); // below the network, whose labels it must not cover
    } else writePlate(picture.label, `x${neuron + 1}`);
    // Browsers let the Tab key stop at what listens to the focus: inputs, which have no numbers, do not.
    const events = { pointerenter: picture, pointerleave: null, ...(depth && { focus: picture, blur: null }) };
    for (const [event, pointed] of Object.entries(events)) group.addEventListener(event, () => this.point(pointed));
  }

  /* Lets the arrow keys move the focus from a neuron to its weights, one after the other: a stop of the Tab key at each
     weight would be too many. */
  addKeys(stops) {
    stops.forEach((stop, at) =>
      stop.addEventListener("keydown", (event) => {
        const by = { ArrowDown: 1, ArrowUp: stops.length - 1 }[event.key];
        if (!by) return;
        event.preventDefault();
        stops[(at + by) % stops.length].focus({ focusVisible: true });
      }),
    );
  }

  /* Positions everything in the available space. */
  layOut() {
    const { width, height } = this.host.getBoundingClientRect();
    const em = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    this.layout = new NetworkLayout({ sizes, titles, em, width, height });
    for (const picture of this.pictures) {
      picture.place(this.layout.pictureAt(picture.depth, picture.neuron));
      placePlate(picture.label, this.layout.labelAt(picture.depth, picture.neuron));
      setAttribute(picture.label.element, "visibility", picture.depth && !this.layout.hasBiases ? "hidden" : "visible");
    }
    this.titles.forEach((title, depth) => setAll(title, this.layout.titleAt(depth)));
    writeGaps(this, titles);
    byId("weights-hint").hidden = this.layout.labelled.slice(1).every(Boolean);
    this.layOutLines();
    this.render();
  }

  /* Positions the lines, and the labels of weights: where there is room, those of all weights between two layers, else
     only those of the neuron that is pointed at. */
  layOutLines() {
    for (const line of this.lines) {
      const { depth, from, to, label } = line;
      const isPointed = this.pointed !== null && this.pointed.lines.includes(line);
      setClass(line.line, "lit", isPointed);
      line.isLabelled = this.layout.labelled[depth] || (isPointed && this.pointed.depth > 0);
      placeLine(line, this.layout.lineAt(depth, from, to, line.isLabelled));
      setAttribute(label.element, "visibility", line.isLabelled ? "visible" : "hidden");
      if (line.isLabelled) placePlate(label, this.layout.weightAt(depth, to, drawnOf(sizes[depth - 1]).indexOf(from)));
    }
  }

  /* Shows the weights of one neuron, or of one input, alone; of all if it is null. */
  point(picture) {
    this.pointed = picture;
    setClass(this.scene, "pointed", picture !== null);
    if (!this.layout) return;
    this.layOutLines();
    this.renderLabels();
  }

  // What changes with the epoch

  render() {
    this.renderPictures();
    this.renderNumbers();
  }

  /* Brings the lines and the pictures up to date. */
  renderPictures() {
    if (!this.layout) return;
    const widest = Math.min(WIDEST, WIDEST_SHARE * this.layout.side);
    for (const { line, parameter } of this.lines) {
      const x = weights[parameter];
      setAttribute(line, "data-sign", signOf(x));
      setAttribute(line, "stroke-width", String(Math.round(4 * (0.8 + widest * shareOf(x))) / 4));
    }
    const shades = this.readShades();
    for (const picture of this.pictures) picture.render(shades);
  }

  /* Brings the numbers up to date, those for screen readers too. */
  renderNumbers() {
    if (!this.layout) return;
    for (const { line, reach, depth, from, to, parameter } of this.lines) {
      const start = depth === 1 ? `x${from + 1}` : tr`neuron ${from + 1}`;
      const words = tr`weight ${this.inWords(parameter)}, from ${start} to neuron ${to + 1} of layer ${depth}`;
      setAttribute(reach, "aria-label", words);
      setAttribute(line, "data-value", String(weights[parameter]));
    }
    for (const picture of this.pictures) this.renderNeuron(picture);
    this.renderLabels();
  }

  renderNeuron({ parameter, group, label, depth, neuron, frame, hasPicture }) {
    if (hasActivations && !hasPicture) {
      const share = Math.max(-1, Math.min(1, activationShare(depth, neuron))) || 0;
      const colour = share > 0 ? "positive" : "negative";
      frame.style.fill = `color-mix(in srgb, var(--${colour}) ${Math.round(85 * Math.abs(share))}%, var(--background))`;
    }
    if (parameter === null) return;
    const x = weights[parameter];
    writePlate(label, `b${neuron + 1} = ${brief(x)}`);
    setAttribute(group, "data-value", String(x));
    setAttribute(group, "aria-label", this.inWords(parameter));
  }

  /* A parameter with its numbers, for screen readers; the gradient is that of the loss of the chosen sample. */
  inWords(parameter) {
    const gradient = this.gradientOf(parameter);
    const weight = `${training.names[parameter]} ${showNumber(weights[parameter])}`;
    return gradient === undefined ? weight : tr`${weight}, gradient ${showNumber(gradient)}`;
  }

  renderLabels() {
    for (const { isLabelled, label, parameter } of this.lines) {
      if (isLabelled) writePlate(label, brief(weights[parameter]));
    }
  }
}
