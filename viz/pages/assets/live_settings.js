/* The settings of the live page as fields, each with its part in the link. */
import { byId, html } from "./dom.js";
import { live, setting } from "./live_state.js";
import { showExactly } from "./numbers.js";
import { tr } from "./words.js";

const RATES = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];
const FACTORS = [0, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3];
const NOISES = [0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5];
const BATCHES = [1, 2, 4, 8, 16, 32, 64, 128, 256];
const MOST_SEED = Number.MAX_SAFE_INTEGER;

const numbered = (titles) => titles.map((title, n) => [n, title]);
const plain = (numbers, own) =>
  [...new Set([...numbers, own])].toSorted((a, b) => a - b).map((number) => [number, showExactly(number)]);

/* The name of each setting, its label and its choices. */
const CHOICES = {
  rate: [tr`Learning rate`, plain(RATES, setting.rate)],
  batch: [tr`Batch size`, [[0, tr`all`], ...plain(BATCHES, setting.batch || 1)]],
  optimizer: [tr`Optimizer`, numbered(live.optimizers)],
  l1: ["L1", plain(FACTORS, 0)],
  l2: ["L2", plain(FACTORS, 0)],
  network: [tr`Network`, numbered(live.networks.map(({ title }) => title))],
  set: [tr`Data`, numbered(live.sets.map(({ title }) => title))],
  noise: [tr`Noise`, plain(NOISES, 0)],
};

function selectFor(name, changed) {
  const [label, choices] = CHOICES[name];
  const select = html("select", { id: `setting-${name}` });
  select.append(...choices.map(([value, textContent]) => html("option", { value: String(value), textContent })));
  select.value = String(setting[name]);
  select.addEventListener("change", () => {
    setting[name] = Number(select.value);
    changed(name);
  });
  return html("label", {}, label, select);
}

function seedField(changed) {
  const field = html("input", { type: "number", id: "setting-seed", min: "0", max: String(MOST_SEED), step: "1" });
  field.value = String(setting.seed);
  field.addEventListener("change", () => {
    if (!field.checkValidity() || field.value === "") {
      field.value = String(setting.seed);
      return;
    }
    setting.seed = Number(field.value);
    changed("seed");
  });
  return html("label", {}, tr`Seed`, field);
}

/* The part of a setting in the link. */
function linkPart(name, changed) {
  const start = setting[name];
  const field = byId(`setting-${name}`);
  const isKnown = (number) =>
    name === "seed" ? Number.isSafeInteger(number) && number >= 0 : CHOICES[name][1].some(([value]) => value === number);
  return {
    get: () => (setting[name] === start ? null : String(setting[name])),
    set(text) {
      const number = text === null ? start : Number(text || NaN);
      if (!isKnown(number)) return false;
      if (number === setting[name]) return true;
      setting[name] = number;
      field.value = String(number);
      changed(name);
      return true;
    },
    expected: name === "seed" ? tr`a whole number` : tr`one of ${CHOICES[name][1].map(([value]) => value).join(", ")}`,
  };
}

/* Adds the fields to the page, and returns their parts in the link. `changed(name)` is called after each change. */
export function buildSettings(changed) {
  const canBeNoisy = live.sets.some(({ noise }) => noise);
  const names = Object.keys(CHOICES).filter((name) => {
    if (name === "noise") return canBeNoisy;
    if (name === "l1" || name === "l2") return live.networks.every(({ penalized }) => penalized.length);
    return CHOICES[name][1].length > 1;
  });
  byId("settings").append(...names.map((name) => selectFor(name, changed)), seedField(changed));
  byId("settings").addEventListener("submit", (event) => event.preventDefault());
  return Object.fromEntries([...names, "seed"].map((name) => [name, linkPart(name, changed)]));
}
