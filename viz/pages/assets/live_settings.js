/* The settings of the live page as fields, each with its part in the link. */
import { byId, html } from "./dom.js";
import { live, setting } from "./live_state.js";
import { showExactly } from "./numbers.js";
import { tr } from "./words.js";

const RATES = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];
const FACTORS = [0, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3];
const NOISES = [0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5];
const BATCHES = [1, 2, 4, 8, 16, 32, 64, 128, 256];

const numbered = (titles) => titles.map((title, n) => [n, title]);
const plain = (numbers, own) =>
  [...new Set([...numbers, own])].toSorted((a, b) => a - b).map((number) => [number, showExactly(number)]);

/* The name of each setting that is chosen from a list, its label and its choices. */
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

/* The name of each setting that is typed, its label, what it must be, and the attributes of its field. */
const NUMBERS = {
  momentum: [tr`Momentum`, tr`a number from 0 to below 1`, (x) => x >= 0 && x < 1, { max: "1", step: "any" }],
  seed: [tr`Seed`, tr`a whole number`, (x) => Number.isSafeInteger(x) && x >= 0, { max: String(Number.MAX_SAFE_INTEGER), step: "1" }],
};

/* The settings that stay together where there is room for several rows only. */
const GROUPS = [["rate", "batch", "optimizer", "momentum"], ["l1", "l2"], ["network", "set"], ["noise", "seed"]];

function selectFor(name, changed) {
  const select = html("select", { id: `setting-${name}` });
  select.append(...CHOICES[name][1].map(([value, textContent]) => html("option", { value: String(value), textContent })));
  select.value = String(setting[name]);
  select.addEventListener("change", () => {
    setting[name] = Number(select.value);
    changed(name);
  });
  return select;
}

function numberFor(name, changed) {
  const [, , takes, attributes] = NUMBERS[name];
  const field = html("input", { type: "number", id: `setting-${name}`, min: "0", ...attributes });
  field.value = String(setting[name]);
  field.addEventListener("change", () => {
    const number = field.value === "" ? NaN : Number(field.value);
    if (!takes(number)) {
      field.value = String(setting[name]);
      return;
    }
    setting[name] = number;
    changed(name);
  });
  return field;
}

function labelled(name, changed) {
  const isTyped = name in NUMBERS;
  return html("label", {}, (isTyped ? NUMBERS : CHOICES)[name][0], (isTyped ? numberFor : selectFor)(name, changed));
}

/* The momentum can be set only while the optimizer has one. */
function showMomentum() {
  const field = byId("setting-momentum");
  if (field) field.disabled = !optimizers[setting.optimizer].takesMomentum;
}

/* The part of a setting in the link. */
function linkPart(name, changed) {
  const start = setting[name];
  const field = byId(`setting-${name}`);
  const [, expected, takes] = NUMBERS[name] ?? [
    "",
    `one of ${CHOICES[name][1].map(([value]) => value).join(", ")}`,
    (number) => CHOICES[name][1].some(([value]) => value === number),
  ];
  return {
    get: () => (setting[name] === start ? null : String(setting[name])),
    set(text) {
      const number = text === null ? start : Number(text || NaN);
      if (!takes(number)) return false;
      if (number === setting[name]) return true;
      setting[name] = number;
      field.value = String(number);
      changed(name);
      return true;
    },
    expected,
  };
}

/* Whether there is anything to choose. */
function isOffered(name) {
  if (name === "momentum") return optimizers.some(({ takesMomentum }) => takesMomentum);
  if (name === "l1" || name === "l2") return live.networks.every(({ penalized }) => penalized.length);
  return name in NUMBERS || CHOICES[name][1].length > 1;
}

/* Adds the fields to the page, and returns their parts in the link. `changed(name)` is called after each change. */
export function buildSettings(changed) {
  const noted = (name) => {
    if (name === "optimizer") showMomentum();
    changed(name);
  };
  const groups = GROUPS.map((group) => group.filter(isOffered)).filter((group) => group.length);
  byId("settings").append(
    ...groups.map((group) => html("div", {}, ...group.map((name) => labelled(name, noted)))),
  );
  showMomentum();
  byId("settings").addEventListener("submit", (event) => event.preventDefault());
  return Object.fromEntries(groups.flat().map((name) => [name, linkPart(name, noted)]));
}
