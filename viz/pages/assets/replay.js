/* The replay: one epoch of a training run, shown as decisions, loss, weights and the graph of one sample. */
import { Diagram, UNMARKED } from "./diagram.js";
import { byId, html, setText } from "./dom.js";
import { describe } from "./facts.js";
import { Folding } from "./folding.js";
import { compute, data, graph, leaves, nodes, root, variables } from "./graph.js";
import { Losses } from "./losses.js";
import { renderLegend } from "./markers.js";
import { Network } from "./network.js";
import { hasPlane, loadPlane } from "./plane.js";
import { Player } from "./player.js";
import { Predictions } from "./predictions.js";
import { gradientsNow, lastPosition, moveTo } from "./steps.js";
import { Surface } from "./surface.js";
import { hideTooltip } from "./tooltip.js";
import { classes, epochs, layers, loadWeights, sampleTitle, samples, summary } from "./training.js";
import { targets, training, weights } from "./training.js";

const HASTE = 25; // how many times faster epochs play than steps, which take time to read
let chosen = 0; // the sample whose graph is shown

const decision = new (hasPlane ? Surface : Predictions)(byId("plane"), choose);
const losses = new Losses(byId("curve"), (index) => {
  player.pause();
  player.go(index);
});
const network = layers.length ? new Network(byId("neurons")) : null;
const diagram = new Diagram(byId("canvas"), graph, {
  choose() {},
  open: (module) => folding.open(module),
  close: (module) => folding.close(module),
});
const folding = nodes.length ? new Folding(diagram, renderGraph) : null;
if (folding) {
  // Room for the graph when everything is folded, with text as large as that of the page
  const heights = graph.layouts.map(({ size }) => size[1]);
  byId("graph").style.setProperty("--folded", `${Math.min(...heights) / 15 + 2}rem`);
  folding.showReadable();
}
const player = new Player({
  last: epochs.length - 1,
  show: () => (player.playing ? renderInFrame() : render()),
  haste: HASTE,
  keys: {
    "+": () => diagram.zoom(1.25),
    "-": () => diagram.zoom(0.8),
    0: () => diagram.fit(),
    Escape: hideTooltip,
  },
});

/* Shows the graph of the chosen sample with all its numbers, for the weights of the epoch. */
function renderGraph() {
  const known = [...samples[chosen], ...targets[chosen], ...weights];
  training.sources.forEach((source, variable) => {
    leaves[variable] = source < 0 ? Number(variables[variable].start) : known[source];
  });
  compute();
  const gradients = gradientsNow();
  diagram.update({
    ...UNMARKED,
    focus: [new Set([root])],
    data: (node) => data[node],
    gradient: (node) => gradients[node],
    description: (box, shown) => describe(box, gradients[shown]),
  });
}

function choose(sample) {
  chosen = sample;
  byId("sample").value = String(sample);
  decision.choose(sample);
  if (nodes.length) renderGraph();
  network?.render();
}

function render() {
  loadWeights(player.position);
  loadPlane(weights);
  byId("sentence").setAttribute("aria-live", player.playing ? "off" : "polite"); // so that it is not read out endlessly
  setText(byId("sentence"), summary(player.position));
  player.render(`Epoch ${epochs[player.position].toLocaleString("en")} of ${epochs.at(-1).toLocaleString("en")}`);
  decision.render();
  losses.mark(player.position);
  if (nodes.length) renderGraph();
  network?.render();
}

let isWaiting = false; // for the next frame

/* Renders with the next frame of the screen, once for all epochs that pass until then. */
function renderInFrame() {
  if (isWaiting) return;
  isWaiting = true;
  requestAnimationFrame(() => {
    isWaiting = false;
    render();
  });
}

function headingOfDecision() {
  if (classes.length) return hasPlane ? "Decision surface" : "Predictions";
  return targets[0].length > 1 ? "First output" : "Output";
}

setText(byId("decision-heading"), headingOfDecision());
renderLegend();
byId("sample").append(
  ...samples.map((_, number) => html("option", { value: String(number), textContent: sampleTitle(number) })),
);
byId("sample").addEventListener("change", (event) => choose(Number(event.target.value)));
byId("network").hidden = !layers.length;
byId("choice").hidden = byId("graph").hidden = !nodes.length;
byId("no-graph").hidden = nodes.length > 0;
byId("graph-heading").after(byId("choice"));
moveTo(lastPosition); // all numbers of the graph are known
render();
choose(0);
