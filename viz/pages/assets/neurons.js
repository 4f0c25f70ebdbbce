/* The neurons of the network as pictures: the output of each over the plane of two inputs, in colours, or over the line of
   one, as a curve, at the epoch that is shown. */
import { setAttribute, svg } from "./dom.js";
import { plateShape, setAll } from "./network_shapes.js";
import { CELLS, hasPlane, isCovered, loadPlane, planeInputs, planeNumbers, reachOf } from "./plane.js";
import { onColours, Raster, shadeAt, shadesOf } from "./shading.js";
import { outputScale } from "./surface.js";
import { layers, outputCount, recorded, threshold, training } from "./training.js";

const PIXELS = Math.min(32, CELLS); // of a picture, in pixels
const FULL_COLOUR = 0.85; // of the colours

const neuronCounts = layers.map(({ bias }) => bias.length);
export const hasPictures = isCovered && training.plane.numbers === neuronCounts.reduce((sum, size) => sum + size, 0);

/* The grid of a neuron's output; depth 0 is that of the inputs. */
function gridOf(depth, neuron) {
  if (depth === 0) return planeInputs[neuron];
  return planeNumbers[neuronCounts.slice(0, depth - 1).reduce((sum, size) => sum + size, neuron)];
}

/* The output without colour, and the distance from it where colours are full, the same at every epoch. */
function scaleOf(depth, neuron) {
  if (hasPlane && depth === neuronCounts.length && outputCount === 1 && threshold !== null) return outputScale();
  const middle = layers[depth - 1]?.activation === "sigmoid" ? 0.5 : 0;
  return { middle, reach: reachOf(gridOf(depth, neuron), middle) };
}

/* A neuron or an input: a frame with a label at its left, and its picture, if there is one, which lies behind the frame if
   it is in colours. */
export class NeuronPicture {
  constructor(depth, neuron) {
    this.depth = depth;
    this.neuron = neuron;
    this.frame = svg("rect", { class: depth ? "neuron" : "neuron input" });
    this.curve = svg("path", { class: "response" });
    this.label = plateShape("bias");
    this.group = svg("g", {}, this.frame, this.label.element, this.curve);
    this.hasPicture = hasPictures;
    this.raster = hasPictures && hasPlane ? new Raster(PIXELS) : null;
  }

  place(box) {
    this.box = box;
    setAll(this.frame, { ...box, rx: box.width / 8 });
    this.raster?.place(box.x, box.y, box.width, box.height);
  }

  /* Draws the picture. */
  render(shades) {
    if (!hasPictures) return;
    const grid = gridOf(this.depth, this.neuron);
    if (this.raster) this.fill(grid, shades);
    else if (this.box) setAttribute(this.curve, "d", this.curveOf(grid));
  }

  fill(grid, shades) {
    const { middle, reach } = this.scale;
    const cells = Array.from({ length: PIXELS }, (_, pixel) => Math.floor(((pixel + 0.5) * CELLS) / PIXELS));
    this.raster.fill((column, row) => shadeAt(shades, grid[cells[row] * CELLS + cells[column]], middle, reach));
  }

  /* The path of the numbers of a line, as far as they are in the frame. */
  curveOf(grid) {
    const { x, y, width, height } = this.box;
    const { middle, reach } = this.scale;
    const points = Array.from(grid, (number, cell) => {
      const share = Math.max(-1, Math.min(1, (number - middle) / reach)) || 0;
      return `${(x + ((cell + 0.5) / CELLS) * width).toFixed(1)} ${(y + height * (0.5 - 0.42 * share)).toFixed(1)}`;
    });
    return `M${points.join("L")}`;
  }
}

/* Gives the pictures their scales, and calls `render` when colours change. Returns a function that reads the colours. */
export function preparePictures(pictures, render) {
  if (!hasPictures) return () => [];
  loadPlane(recorded.at(-1));
  for (const picture of pictures) picture.scale = scaleOf(picture.depth, picture.neuron);
  let shades = shadesOf(FULL_COLOUR);
  onColours(() => {
    shades = shadesOf(FULL_COLOUR);
    render();
  });
  return () => shades;
}
