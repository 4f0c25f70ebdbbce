/* The replay: one epoch of a training run, shown as decisions, loss, weights and the graph of one sample. */
import { Diagram, UNMARKED } from "./diagram.js";
import { byId, html, setText } from "./dom.js";
import { Folding } from "./folding.js";
import { compute, data, graph, leaves, nodes, root, variables } from "./graph.js";
import { Link } from "./link.js";
import { isWholeUpTo, partsOfView, presentPart } from "./link_parts.js";
import { Losses } from "./losses.js";
import { renderLegend } from "./markers.js";
import { Network } from "./network.js";
import { hasPlane, loadPlane } from "./plane.js";
import { Player } from "./player.js";
import { Predictions } from "./predictions.js";
import { Presentation } from "./presentation.js";
import { gradientsNow, lastPosition, moveTo } from "./steps.js";
import { Surface } from "./surface.js";
import { hideTooltip } from "./tooltip.js";
import { classes, epochs, layers, loadWeights, sampleTitle, samples, summary } from "./training.js";
import { targets, training, weights } from "./training.js";
import { tr } from "./words.js";

const HASTE = 25; // how many times faster epochs play than steps, which take time to read
const READABLE = 100; // milliseconds that a number stands while epochs play: those that change faster cannot be read
let chosen = 0; // the sample whose graph is shown
let gradients = []; // of the nodes of its graph
let notice = ""; // about what the reader did last, other than moving to an epoch

/* For each parameter, its node in the graph. */
const nodeOf = [];
training.sources.forEach((source, variable) => {
  const parameter = source - samples[0].length - targets[0].length;
  if (parameter >= 0) nodeOf[parameter] = variables[variable].node;
});

const decision = new (hasPlane ? Surface : Predictions)(byId("plane"), choose);
const losses = new Losses(byId("curve"), (index) => {
  player.pause();
  player.go(index);
});
const network = layers.length ? new Network(byId("neurons"), (parameter) => gradients[nodeOf[parameter]]) : null;
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
const presentation = new Presentation({
  panels: { decision: "d", losses: "l", ...(network && { network: "n" }), ...(folding && { graph: "g" }) },
  standard: ["decision", "losses", ...(network ? ["network"] : [])],
  changed: arrange,
});
const player = new Player({
  last: epochs.length - 1,
  show() {
    notice = "";
    if (player.playing) renderInFrame();
    else render();
  },
  paused: () => render(),
  haste: HASTE,
  keys: {
    "+": () => diagram.zoom(1.25),
    "-": () => diagram.zoom(0.8),
    0: () => diagram.fit(),
    ...presentation.keys,
    Escape: leave,
  },
});
const link = new Link(
  {
    epoch: {
      get: () => (player.position ? String(epochs[player.position]) : null),
      set: (text) => (text === null || epochs.map(String).includes(text)) && player.go(epochs.indexOf(Number(text))),
      expected: tr`one of the ${epochs.length.toLocaleString("en")} recorded epochs from 0 to ${epochs.at(-1)}`,
    },
    sample: {
      get: () => (chosen ? String(chosen + 1) : null),
      set(text) {
        if (text !== null && (text === "0" || !isWholeUpTo(text, samples.length))) return false;
        choose(text === null ? 0 : Number(text) - 1);
        return true;
      },
      expected: tr`an integer from 1 to ${samples.length}`,
    },
    ...(folding ? partsOfView(diagram, folding, presentation) : { present: presentPart(presentation) }),
  },
  say,
);

function say(words) {
  notice = words;
  render();
}

/* Leaves what is open, one thing at a time. */
function leave() {
  if (!byId("tooltip").hidden) hideTooltip();
  else if (presentation.isOn) presentation.toggle();
}

/* Shows the graph of the chosen sample with all its numbers, for the weights of the epoch. */
function renderGraph() {
  const known = [...samples[chosen], ...targets[chosen], ...weights];
  training.sources.forEach((source, variable) => {
    leaves[variable] = source < 0 ? Number(variables[variable].start) : known[source];
  });
  compute();
  gradients = gradientsNow();
  diagram.update({
    ...UNMARKED,
    focus: [new Set([root])],
    data: (node) => data[node],
    gradient: (node) => gradients[node],
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
  renderPictures();
  renderNumbers();
}

/* What moves while epochs play. */
function renderPictures() {
  loadWeights(player.position);
  loadPlane(weights);
  player.render(tr`Epoch ${epochs[player.position].toLocaleString("en")} of ${epochs.at(-1).toLocaleString("en")}`);
  decision.render();
  losses.mark(player.position);
  network?.renderPictures();
}

/* What is read. */
function renderNumbers() {
  byId("sentence").setAttribute("aria-live", player.playing ? "off" : "polite"); // so that it is not read out endlessly
  setText(byId("sentence"), [notice, summary(player.position)].filter(Boolean).join(" "));
  if (nodes.length) renderGraph();
  network?.renderNumbers();
  link.update();
}

/* Shows the graph as legibly as its panel allows, and the choice of a sample where it is reached without the graph. */
function arrange() {
  if (presentation.isOn) byId("fullscreen").before(byId("choice"));
  else byId("graph-heading").after(byId("choice"));
  if (!folding) return;
  diagram.camera.measure();
  if (folding.followsSteps) folding.showReadable();
  renderGraph();
}

let isWaiting = false; // for the next frame
let written = 0; // when numbers were last, in milliseconds

/* Renders with the next frame of the screen, once for all epochs that pass until then. */
function renderInFrame() {
  if (isWaiting) return;
  isWaiting = true;
  requestAnimationFrame((now) => {
    isWaiting = false;
    renderPictures();
    if (player.playing && now < written + READABLE) return;
    written = now;
    renderNumbers();
  });
}

function headingOfDecision() {
  if (classes.length) return hasPlane ? tr`Decision surface` : tr`Predictions`;
  return targets[0].length > 1 ? tr`First output` : tr`Output`;
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
byId("phase").after(byId("tools"));
for (const panel of document.querySelectorAll("#panels button")) {
  panel.hidden = !presentation.panels.includes(panel.id.replace("show-", ""));
}
moveTo(lastPosition); // all numbers of the graph are known
render();
choose(0);
arrange();
if (location.hash) link.restore();
