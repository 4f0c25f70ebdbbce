/* The playground: a formula and code on top, what came of them below, and both in the page's address. */
import { byId, setText } from "./dom.js";
import { makeEditor } from "./editor.js";
import { Interpreter } from "./interpreter.js";
import { Link } from "./link.js";
import { Results } from "./results.js";
import { tr } from "./words.js";

const { examples, size } = JSON.parse(byId("data").textContent);
const [first] = Object.keys(examples);
const code = byId("code");
const formula = byId("formula");
const numbers = byId("numbers");
const results = new Results(byId("output"));

/* Whether the results are those of the formula; a link then shows it. */
let showsFormula = false;

/* What the status says of code that comes from a link, until it is run. */
let unread = "";

function say(text, hasFailed = false) {
  setText(byId("status"), text);
  byId("status").classList.toggle("failed", hasFailed);
}

const listener = {
  onLoaded(bytes) {
    byId("progress").value = Math.min(bytes / size, 1);
  },
  onReady() {
    byId("progress").hidden = true;
    say(interpreter.isBusy ? tr`Running …` : unread || tr`Ready`);
  },
  onMessage: (message) => results.show(message),
  onDone(ok, seconds) {
    results.flush();
    update();
    showResults();
    const outcome = ok ? tr`Done after ${seconds.toFixed(2)} s` : tr`It failed after ${seconds.toFixed(2)} s`;
    say(unread ? `${outcome}. ${unread}` : outcome, !ok);
  },
  onFailed(text, wasReady) {
    update();
    byId("progress").hidden = true;
    results.show({ kind: "text", stream: "err", text: `${text}\n` });
    results.flush();
    const advice = tr`Python cannot be started: reload the page, or ask who made it whether the folder is complete`;
    say(wasReady ? tr`Python has broken, and starts again` : advice, true);
    if (!wasReady) for (const id of ["run", "explore", "stop"]) byId(id).disabled = true;
  },
};

let interpreter = null;

/* Brings the results into view if they stand below the code and hardly anything of them is visible. */
function showResults() {
  const element = byId("results");
  if (element.getBoundingClientRect().top > 0.7 * innerHeight) element.scrollIntoView({ block: "start" });
}

function update() {
  byId("run").disabled = byId("explore").disabled = interpreter.isBusy;
  byId("stop").disabled = !interpreter.isBusy;
}

function run(task) {
  if (!interpreter || interpreter.isBusy) return;
  results.clear();
  showsFormula = task.kind === "command";
  interpreter.run(task);
  update();
  say(interpreter.isReady ? tr`Running …` : tr`Python is loading; then it runs …`);
}

function runCode() {
  if (!interpreter?.isBusy) unread = "";
  run({ kind: "code", code: code.value });
}

function runFormula() {
  const given = numbers.value.replaceAll(/\s*=\s*/g, "=").split(/[\s,;]+/).filter(Boolean);
  run({ kind: "command", arguments: ["explore", formula.value, ...given, "-o", "graph.html", "--lang", document.documentElement.lang] });
}

function stop() {
  if (!interpreter?.isBusy) return;
  const wasReady = interpreter.isReady;
  interpreter.stop();
  update();
  if (wasReady) {
    results.show({ kind: "text", stream: "err", text: `${tr`stopped`}\n` });
    results.flush();
    byId("progress").hidden = false;
    byId("progress").value = 0;
  }
  say(wasReady ? tr`Stopped; Python starts again …` : tr`Loading Python …`);
  byId("run").focus();
}

/* The name of the example that the code is, or "" for code of the reader's own. */
function exampleOf(text) {
  return Object.keys(examples).find((name) => examples[name].code === text) ?? "";
}

function setCode(text) {
  code.value = text;
  byId("example").value = exampleOf(text);
}

/* What the address holds: a formula if its results are shown, and the code, by name if it is an example. */
const parts = {
  formula: {
    get: () => (showsFormula ? formula.value : null),
    set(text) {
      if (text !== null) formula.value = text;
      return true;
    },
    expected: tr`a formula`,
  },
  numbers: {
    get: () => (showsFormula ? numbers.value : null),
    set(text) {
      if (text !== null) numbers.value = text;
      return true;
    },
    expected: tr`numbers`,
  },
  example: {
    get: () => (exampleOf(code.value) === first ? null : exampleOf(code.value) || null),
    set(text) {
      if (text !== null && !Object.hasOwn(examples, text)) return false;
      setCode(examples[text ?? first].code);
      return true;
    },
    expected: tr`one of ${Object.keys(examples).join(", ")}`,
  },
  code: {
    get: () => (exampleOf(code.value) ? null : code.value),
    set(text) {
      unread = text === null ? "" : tr`The code comes from the link: read it, then press Run.`;
      if (text !== null) setCode(text);
      return true;
    },
    expected: tr`a program`,
  },
};

/* Shows what a link asks for. A formula and an example run at once; a program of someone else is read first. */
function restore(link) {
  const asked = new URLSearchParams(location.hash.slice(1));
  link.restore();
  if (asked.has("formula")) runFormula();
  else if (asked.has("example") && !unread) runCode();
}

makeEditor(code, runCode);
setCode(examples[first].code);
code.addEventListener("input", () => {
  byId("example").value = exampleOf(code.value);
});
byId("example").addEventListener("change", ({ target }) => {
  unread = "";
  setCode(examples[target.value].code);
});
byId("run").addEventListener("click", runCode);
byId("stop").addEventListener("click", stop);
byId("formula-form").addEventListener("submit", (event) => {
  event.preventDefault();
  runFormula();
});

if (location.protocol === "file:") {
  byId("disk").hidden = false;
  byId("progress").hidden = byId("run").disabled = byId("explore").disabled = true;
} else {
  say(tr`Loading Python …`);
  interpreter = new Interpreter(listener);
  restore(new Link(parts, (words) => (words || unread) && say([words, unread].filter(Boolean).join(" "))));
}
