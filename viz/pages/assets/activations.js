/* The numbers of the network's inputs and neurons for the chosen sample: those of nodes in the graph of its loss. */
import { data, graph, nodes, variables } from "./graph.js";
import { layers, samples, training } from "./training.js";

export const hasActivations = nodes.length > 0; // whether the page has that graph

/* The last node of each module, which is its output, by its path. */
const lastNodeOf = new Map();
nodes.forEach(({ module }, node) => {
  for (let at = module; at >= 0; at = graph.modules[at].container) lastNodeOf.set(graph.modules[at].path, node);
});

const isInLoss = ({ module }) => /^loss(\.|$)/.test(graph.modules[module]?.path);

/* The output of the neuron with this bias. The whole model may be a module, or a neuron. */
function outputOfNeuron(bias) {
  const path = training.names[bias].split(".").slice(0, -1).join(".");
  if (!path) return nodes.findLastIndex((node) => !isInLoss(node));
  const module = [...lastNodeOf.keys()].find((name) => name === path || name.endsWith(`.${path}`));
  return lastNodeOf.get(module);
}

const nodesOfLayer = [
  samples[0].map((_, input) => variables[training.sources.indexOf(input)]?.node),
  ...layers.map(({ bias }) => bias.map(outputOfNeuron)),
];

/* The number of a neuron, or of an input at depth 0; NaN if it is unknown. */
export const activationOf = (depth, neuron) => data[nodesOfLayer[depth][neuron]] ?? NaN;

/* The same as a share of the range of its kind, from -1 to 1. */
export function activationShare(depth, neuron) {
  const x = activationOf(depth, neuron);
  if (depth === 0) return x / farthest(samples.map((sample) => sample[neuron]));
  const { activation } = layers[depth - 1];
  if (activation === "tanh") return x;
  if (activation === "sigmoid") return 2 * x - 1;
  return x / farthest(nodesOfLayer[depth].map((node) => data[node]));
}

const farthest = (numbers) => numbers.reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 0) || 1;
