/* The layers of a graph and their arrays, with all their numbers. */
import { byId } from "./dom.js";
import { tr } from "./words.js";

const TITLES = { "other operations": tr`other operations` }; // those that are no names

/* Doubles in base 64, lowest byte first. */
function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float64Array.from({ length: bytes.length / 8 }, (_, at) => view.getFloat64(8 * at, true));
}

const withNumbers = (packed) => ({ ...packed, values: unpacked(packed.values), gradients: unpacked(packed.gradients) });

const graph = JSON.parse(byId("data").textContent);
export const { loss } = graph; // the symbol of the output
export const arrays = graph.arrays.map(withNumbers);
export const { blocks } = graph;
for (const block of blocks) {
  block.title = TITLES[block.title] ?? block.title;
  for (const packed of [block.result, block.lines?.length && block]) {
    if (packed) Object.assign(packed, withNumbers(packed));
  }
}
export const lastPosition = 2 * blocks.length;

/* The index of the block of a position, and whether it is passed backward; null before the first step. */
export function stepAt(position) {
  if (position === 0) return null;
  const isBackward = position > blocks.length;
  return { block: isBackward ? lastPosition - position : position - 1, isBackward };
}

/* The numbers of a neuron, a row of the layer of a block, as the program of the layer computes them. */
export function numbersOfNeuron({ parts, program }, row) {
  const [inputs, weight, output] = [parts.inputs, parts.weight, parts.output].map((at) => arrays[at]);
  const count = weight.columns;
  const x = Float64Array.of(...inputs.values, output.gradients[row]);
  const bias = parts.bias === undefined ? [] : [arrays[parts.bias].values[row]];
  const w = Float64Array.of(...weight.values.subarray(row * count, (row + 1) * count), ...bias);
  const out = new Float64Array(3 * count + 3);
  neuronPrograms[program - 1](x, w, out);
  return {
    inputs: x.subarray(0, count),
    weights: w.subarray(0, count),
    bias: bias[0],
    products: out.subarray(0, count),
    total: out[count],
    output: out[count + 1],
    upstream: x[count],
    delta: out[count + 2],
    ofWeights: out.subarray(count + 3, 2 * count + 3),
    toInputs: out.subarray(2 * count + 3),
  };
}
