/* The neurons of the network as pictures: the output of each over the plane of the inputs, at the epoch that is shown. */
import { svg } from "./dom.js";
import { plateShape } from "./network_shapes.js";
import { CELLS, hasPlane, loadPlane, planeInputs, planeNumbers, reachOf } from "./plane.js";
import { onColours, Raster, shadeAt, shadesOf } from "./shading.js";
import { outputScale } from "./surface.js";
import { layers, outputCount, recorded, threshold, training } from "./training.js";

const PIXELS = Math.min(32, CELLS); // of a picture, in pixels
const FULL_COLOUR = 0.85; // of the colours

const neuronCounts = layers.map(({ bias }) => bias.length);
const hasPictures = hasPlane && training.plane.numbers === neuronCounts.reduce((sum, size) => sum + size, 0);

/* The grid of a neuron's output; depth 0 is that of the inputs. */
function gridOf(depth, neuron) {
  if (depth === 0) return planeInputs[neuron];
  return planeNumbers[neuronCounts.slice(0, depth - 1).reduce((sum, size) => sum + size, neuron)];
}

/* The output without colour, and the distance from it where colours are full, the same at every epoch. */
function scaleOf(depth, neuron) {
  if (depth === neuronCounts.length && outputCount === 1 && threshold !== null) return outputScale();
  const middle = layers[depth - 1]?.activation === "sigmoid" ? 0.5 : 0;
  return { middle, reach: reachOf(gridOf(depth, neuron), middle) };
}

/* A neuron or an input, drawn as a frame with a label at its left, and a picture behind the frame if there is a plane. */
export class NeuronPicture {
  constructor(depth, neuron) {
    this.depth = depth;
    this.neuron = neuron;
    this.frame = svg("rect", { class: depth ? "neuron" : "neuron input" });
    this.label = plateShape("bias");
    this.group = svg("g", {}, this.frame, this.label.element);
    this.raster = hasPictures ? new Raster(PIXELS) : null;
  }

  /* Fills the picture. */
  render(shades) {
    if (!this.raster) return;
    const grid = gridOf(this.depth, this.neuron);
    const { middle, reach } = this.scale;
    const cellOf = (pixel) => Math.floor(((pixel + 0.5) * CELLS) / PIXELS);
    const columns = Array.from({ length: PIXELS }, (_, pixel) => cellOf(pixel));
    this.raster.fill((column, row) => shadeAt(shades, grid[columns[row] * CELLS + columns[column]], middle, reach));
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
