/* The replay: one epoch of a training, shown as what the model decides, its loss, its weights and a sample's graph. */
import { Answers } from "./answers.js";
import { Diagram } from "./diagram.js";
import { element, made, setText } from "./dom.js";
import { Folding } from "./folding.js";
import { compute, data, graph, leaves, nodes, variables } from "./graph.js";
import { Losses } from "./losses.js";
import { renderLegend } from "./markers.js";
import { Network } from "./network.js";
import { Player } from "./player.js";
import { gradientsNow, lastPosition, moveTo, told } from "./steps.js";
import { Surface } from "./surface.js";
import { showFacts, showTooltip } from "./tooltip.js";
import { classes, epochs, layers, loadWeights, samples } from "./training.js";
import { sampleTitle, summary, targets, training, weights } from "./training.js";

const HASTE = 25; // how many times faster epochs go by than steps that are read
const NOTHING = new Set();
let chosen = 0; // the sample whose graph is shown

const hasPlane = samples[0].length === 2;
const decision = new (hasPlane ? Surface : Answers)(element("plane"), choose);
const losses = new Losses(element("curve"), (place) => {
  player.pause();
  player.go(place);
});
const network = layers.length ? new Network(element("neurons")) : null;
const diagram = new Diagram(element("canvas"), graph, {
  choose() {},
  open: (module) => folding.open(module),
  close: (module) => folding.close(module),
  point: showTooltip,
});
const folding = nodes.length ? new Folding(diagram, renderGraph) : null;
folding?.showReadable();
const player = new Player({
  last: epochs.length - 1,
  show: render,
  haste: HASTE,
  keys: {
    "+": () => diagram.zoom(1.25),
    "-": () => diagram.zoom(0.8),
    0: () => diagram.fit(),
    Escape: () => showFacts([]),
  },
});

/* All of the graph of the chosen sample, forward and backward, at the weights of the epoch. */
function renderGraph() {
  const known = [...samples[chosen], ...targets[chosen], ...weights];
  training.given.forEach((place, variable) => {
    leaves[variable] = place < 0 ? Number(variables[variable].start) : known[place];
  });
  compute();
  const gradients = gradientsNow();
  diagram.update({
    data: (node) => data[node],
    gradient: (node) => gradients[node],
    told: (box) => told(box, gradients[box]),
    marks: Object.fromEntries(
      ["current", "operand", "receiver", "warning", "lit", "chosen"].map((mark) => [mark, NOTHING]),
    ),
    focus: NOTHING,
    inUse: () => false,
    chip: "",
    lit: NOTHING,
    backward: false,
  });
}

function choose(sample) {
  chosen = sample;
  element("sample").value = String(sample);
  decision.choose(sample);
  if (nodes.length) renderGraph();
}

function render() {
  loadWeights(player.position);
  element("says").setAttribute("aria-live", player.playing ? "off" : "polite"); // else it would never stop talking
  setText(element("says"), summary(player.position));
  player.render(`Epoch ${epochs[player.position].toLocaleString("en")} of ${epochs.at(-1).toLocaleString("en")}`);
  decision.render();
  losses.mark(player.position);
  network?.render();
  if (nodes.length) renderGraph();
}

function headingOfDecision() {
  if (classes.length) return hasPlane ? "Decision surface" : "Answers";
  return targets[0].length > 1 ? "First output" : "Output";
}

setText(element("decision-heading"), headingOfDecision());
renderLegend();
element("sample").append(
  ...samples.map((_, number) => made("option", { value: String(number), textContent: sampleTitle(number) })),
);
element("sample").addEventListener("change", (event) => choose(Number(event.target.value)));
element("network").hidden = !layers.length;
element("choice").hidden = element("graph").hidden = !nodes.length;
element("no-graph").hidden = nodes.length > 0;
element("graph-heading").after(element("choice"));
moveTo(lastPosition); // all of the graph is known
render();
choose(0);
