/* The live page: a network that trains in the browser, while the reader watches and changes things. */
import { renderChain } from "./chain.js";
import { Diagnosis } from "./diagnosis.js";
import { byId, html, setText } from "./dom.js";
import { listenToKeys } from "./keys.js";
import { Link } from "./link.js";
import { presentPart } from "./link_parts.js";
import { linkParts } from "./live_link.js";
import { LiveLosses } from "./live_losses.js";
import { LiveNetwork } from "./live_network.js";
import { counted, written } from "./live_numbers.js";
import { LiveOutputs } from "./live_outputs.js";
import { isPlane } from "./live_plane.js";
import { Remote } from "./live_remote.js";
import { buildSettings } from "./live_settings.js";
import { classes, computed, editPoints, heldOutNow, isEdited, classOf, loadPoints, networkNow } from "./live_state.js";
import { outputs, points, programsNow, asRows, score, setting, snapshot, startOfTraining } from "./live_state.js";
import { takeSnapshot } from "./live_state.js";
import { LiveSurface } from "./live_surface.js";
import { heldOutShape, legendEntry, legendOf, wordsForClass } from "./marker_shapes.js";
import { showNumber } from "./numbers.js";
import { Presentation } from "./presentation.js";
import { hideTooltip, refreshTooltip } from "./tooltip.js";
import { Tour } from "./tour.js";
import { tr } from "./words.js";

const STOPS = [
  ["controls", tr`Train`, tr`Press ▶ or the space bar: the network trains here, in your browser. Step is one minibatch, Epoch one pass over the samples.`],
  ["settings", tr`Settings`, tr`Change them while it trains. Another network, data set or seed starts over.`],
  ["decision", tr`What it has learned`, tr`The colours are the outputs of the network for every input. Drag a sample; the list above adds and deletes some.`],
  ["network", tr`The network`, tr`Lines are weights, in blue above 0 and in orange below. Press one, or a neuron, for its chain rule.`],
  ["chain", tr`The chain rule`, tr`How the loss of one sample depends on one weight, with the current numbers.`],
  ["tools", tr`More`, tr`Present shows fewer panels in large type. Link copies the address of these settings.`],
];
const RESTARTS = new Set(["network", "seed", "set"]); // the settings with which training starts over

const BETWEEN_TEXTS = 150; // milliseconds while it plays: nobody reads faster, and math takes long to lay out

let isPlaying = false;
let shownAt = 0; // when texts were shown last
let chosen = 0; // the sample; at first one whose inputs are not all 0, which would make gradients 0
let parameter = 0; // whose chain rule is shown
let diagnosis = new Diagnosis();

loadPoints();
const remote = new Remote(show);
const losses = new LiveLosses(byId("curve"));
const view = new (isPlane ? LiveSurface : LiveOutputs)(byId("plane"), { edit, choose });
const tour = new Tour(STOPS, "live page");
const drawing = networkNow().layers.length ? new LiveNetwork(byId("neurons"), chooseParameter) : null;

// Training

function play(isOn) {
  isPlaying = isOn;
  if (isOn && snapshot?.fault) load();
  remote.send({ pace: isOn ? Number(byId("pace").value) : 0 });
  renderPlay();
  if (isOn) return;
  renderViews();
  renderTexts();
}

function renderPlay() {
  byId("play").classList.toggle("playing", isPlaying);
  byId("play").setAttribute("aria-label", isPlaying ? tr`Pause` : tr`Play`);
  byId("play").title = isPlaying ? tr`Pause (space)` : tr`Play (space)`;
}

/* Starts over, from the first weights. */
function load() {
  diagnosis = new Diagnosis();
  remote.send({ load: startOfTraining() });
}

function reset() {
  play(false);
  load();
}

function make(amount) {
  if (isPlaying) play(false);
  remote.send(amount);
}

/* Applies a setting that has changed. */
function change(name) {
  if (name === "set") loadPoints();
  if (name === "noise") {
    loadPoints();
    fillSamples();
    return showEdited();
  }
  if (name === "seed" && setting.noise && !isEdited) {
    loadPoints();
    fillSamples();
  }
  if (!RESTARTS.has(name)) {
    remote.send({ change: { [name]: setting[name] } });
    return link.update();
  }
  if (name === "network") changeNetwork();
  if (name === "set") {
    chosen = 0;
    view.cover();
    fillSamples();
    renderLegend();
  }
  view.placePoints();
  load();
  return link.update();
}

function changeNetwork() {
  drawing?.build();
  view.cover();
  fillParameters();
}

/* Takes points that the reader has changed; training goes on with them. */
function edit(changed) {
  const isOther = changed.length !== points.length;
  editPoints(changed);
  if (isOther) fillSamples();
  showEdited();
}

function showEdited() {
  view.placePoints();
  remote.send({ change: { rows: asRows(points) } });
  link.update();
}

// What is shown

function show(reported) {
  takeSnapshot(reported);
  if (reported.fault && isPlaying) {
    isPlaying = false;
    renderPlay();
  }
  renderViews();
  const scored = score(points);
  losses.render(reported.points, reported.epoch, scored.loss);
  renderSentence(scored);
  if (!isPlaying || performance.now() - shownAt > BETWEEN_TEXTS) renderTexts();
  document.body.dataset.epoch = String(reported.epoch);
  document.body.dataset.steps = String(reported.steps);
}

/* Shows the outputs and the network. */
function renderViews() {
  if (!snapshot) return;
  view.render(!isPlaying);
  if (drawing && isPlane) drawing.showGrid(view.grid);
  drawing?.render();
}

/* Shows what is read rather than watched. */
function renderTexts() {
  shownAt = performance.now();
  if (!snapshot) return;
  renderWarning();
  renderChain(chosen, parameter);
  refreshTooltip();
  link.update();
}

/* A score in words. */
function wordsForScore({ loss, right, count }) {
  if (!classes.length) return tr`loss ${written(loss)}`;
  return tr`loss ${written(loss)}, accuracy ${counted(right)} of ${counted(count)}`;
}

function renderSentence(scored) {
  const held = heldOutNow();
  byId("sentence").setAttribute("aria-live", isPlaying ? "off" : "polite"); // so that it is not read out endlessly
  const training = points.length ? wordsForScore(scored) : tr`no samples: in the list above the plane, choose what to add, then press the plane`;
  const both = held.length ? tr`${training}; held-out: ${wordsForScore(score(held))}` : training;
  setText(byId("sentence"), tr`Epoch ${counted(snapshot.epoch)}: ${both}`);
  setText(byId("phase"), snapshot.steps === 1 ? tr`1 step` : tr`${counted(snapshot.steps)} steps`);
}

function renderWarning() {
  const { layers, names } = networkNow();
  const { neurons, slopes } = programsNow();
  const sizes = layers.map(({ bias }) => bias.length);
  const count = sizes.reduce((sum, size) => sum + size, 0);
  const found = count ? diagnosis.ailing(sizes, slopes, points.map(({ x }) => computed(neurons, 2 * count, x))) : [];
  const isSolved = classes.length > 0 && score(points).right === points.length;
  const sentences = diagnosis.words({ report: snapshot, rate: setting.rate, names, found, isSolved });
  showWarning(sentences);
  drawing?.markAiling(new Set(found.map(({ layer, neuron }) => `${layer}.${neuron}`)));
}

/* Shows the most important sentence, and the others on demand. */
function showWarning([first = "", ...others]) {
  byId("warning").hidden = !first;
  setText(byId("warning"), first);
  byId("warning").title = first; // should it be too long for its room
  const [summary, list] = byId("warnings").children;
  byId("warnings").hidden = !others.length;
  setText(summary, tr`and ${others.length} more`);
  if ([...list.children].map((item) => item.textContent).join() === others.join()) return;
  list.replaceChildren(...others.map((textContent) => html("li", { textContent })));
}

// What is chosen

function choose(number) {
  chosen = number;
  byId("sample").value = String(number);
  view.choose(number);
  renderChain(chosen, parameter);
}

function chooseParameter(index) {
  parameter = index;
  byId("parameter").value = String(index);
  drawing?.mark(index);
  renderChain(chosen, parameter);
}

function fillSamples() {
  const titleOf = ({ x, y }, number) => {
    const inputsOf = x.length <= 3 ? ` (${x.map((at) => showNumber(Number(at.toPrecision(3)))).join(", ")})` : "";
    const target = classes.length ? wordsForClass(classes[classOf(y)]) : y.map((at) => showNumber(at)).join(", ");
    return `${number + 1}${inputsOf} → ${target}`;
  };
  const options = points.map((point, n) => html("option", { value: String(n), textContent: titleOf(point, n) }));
  byId("sample").replaceChildren(...options);
  chosen = Math.min(chosen, Math.max(0, points.length - 1));
  byId("sample").value = String(chosen);
}

function fillParameters() {
  const options = networkNow().names.map((name, n) => html("option", { value: String(n), textContent: name }));
  byId("parameter").replaceChildren(...options);
  chooseParameter(0);
}

/* What the markers of the plane, or of the outputs, stand for. */
function renderLegend() {
  const held = isPlane && heldOutNow().length ? [legendEntry(heldOutShape(), tr`held-out`)] : [];
  byId("legend").replaceChildren(...legendOf(classes), ...held);
}

function headingOfView() {
  if (classes.length) return isPlane ? tr`Decision surface` : tr`Predictions`;
  return outputs > 1 ? tr`First output` : tr`Output`;
}

const presentation = new Presentation({
  panels: { decision: "d", losses: "l", ...(drawing && { network: "n" }), chain: "c" },
  standard: ["decision", "losses", ...(drawing ? ["network"] : [])],
  changed: renderTexts,
});

/* Leaves what is open, one thing at a time. */
function leave() {
  if (!byId("tooltip").hidden) hideTooltip();
  else if (byId("warnings").open) byId("warnings").open = false;
  else if (tour.isOpen) tour.close();
  else if (presentation.isOn) presentation.toggle();
}

const link = new Link(
  {
    ...buildSettings(change),
    present: presentPart(presentation),
    ...linkParts({
      edited() {
        fillSamples();
        view.cover();
        showEdited();
      },
      train(epochs) {
        if ((snapshot?.epoch ?? 0) === epochs) return;
        load();
        remote.send({ epochs });
      },
    }),
  },
  (words) => words && setText(byId("sentence"), words),
);

setText(byId("decision-heading"), headingOfView());
renderLegend();
byId("pressing").hidden = !isPlane || !classes.length;
byId("network").hidden = !drawing;
byId("show-network").hidden = !drawing;
byId("phase").after(byId("tools"));
byId("play").addEventListener("click", () => play(!isPlaying));
byId("reset").addEventListener("click", reset);
byId("step").addEventListener("click", () => make({ steps: 1 }));
byId("epoch").addEventListener("click", () => make({ epochs: 1 }));
byId("pace").addEventListener("change", () => isPlaying && play(true));
byId("sample").addEventListener("change", ({ target }) => choose(Number(target.value)));
byId("parameter").addEventListener("change", ({ target }) => chooseParameter(Number(target.value)));
listenToKeys({
  " ": () => play(!isPlaying),
  ArrowRight: () => make({ steps: 1 }),
  PageDown: () => make({ epochs: 1 }), // a key of a clicker for slides
  e: () => make({ epochs: 1 }),
  Home: reset,
  ...presentation.keys,
  "?": () => tour.open(),
  Escape: leave,
});
chosen = Math.max(0, points.findIndex(({ x }) => x.every(Boolean)));
fillSamples();
view.choose(chosen);
fillParameters();
load();
if (location.hash) link.restore();
if (!presentation.isOn) tour.openOnce();
