/* The formula that the page was made from: its numbers are changed in place; for another formula, the page says how to
   make its page. */
import { copyText } from "./clipboard.js";
import { byId, html, setText } from "./dom.js";
import { numberField } from "./field.js";
import { graph, leaves, nodes, variables } from "./graph.js";
import { tr } from "./words.js";

const FORBIDDEN = /[^\p{L}\p{N}_+\-*/%().,\s]/u; // in a formula, and therefore in a command for a shell
const NAME = /(?<![\p{L}\p{N}_.])[\p{L}_][\p{L}\p{N}_]*(?!\s*\()(?![\p{L}\p{N}_])/gu;
const CONSTANTS = new Set(["pi", "e"]);

const withoutSpace = (formula) => formula.replaceAll(/\s+/g, "");

/* The command that makes the page of a formula, with the current numbers of the variables that it shares with this. */
function commandFor(formula) {
  const numbers = new Map(variables.map(({ node }, index) => [nodes[node].name, leaves[index]]));
  const names = new Set(formula.match(NAME)?.filter((name) => !CONSTANTS.has(name)));
  const given = [...names].map((name) => `${name}=${numbers.get(name) ?? 1}`);
  return ["scalar-autograd explore", `"${formula.trim()}"`, ...given, "-o graph.html"].join(" ");
}

export class Formula {
  /* `changed` is called whenever a number changes; `say(words)` tells the reader something. */
  constructor({ changed, say }) {
    this.fields = [];
    byId("formula").hidden = graph.formula === undefined;
    if (graph.formula === undefined) return;
    this.say = say;
    document.body.classList.add("with-formula");
    const field = byId("formula-text");
    field.size = Math.min(48, Math.max(8, graph.formula.length + 1));
    this.fields = variables.map(({ node }, index) => {
      const { name } = nodes[node];
      const made = numberField(index, tr`${name} in the formula`, changed);
      byId("formula-numbers").append(html("label", {}, `${name} = `, made.field));
      return made;
    });
    field.addEventListener("input", () => this.compare());
    field.addEventListener("change", () => this.isOther && say(byId("formula-words").textContent));
    byId("formula").addEventListener("submit", (event) => event.preventDefault());
    byId("formula-back").addEventListener("click", () => this.reset());
    byId("copy-command").addEventListener("click", () => this.copy());
    this.reset();
  }

  get isOther() {
    return withoutSpace(byId("formula-text").value) !== withoutSpace(graph.formula);
  }

  /* Compares what was typed with the formula of the page. */
  compare() {
    const typed = byId("formula-text").value;
    const [wrong] = typed.match(FORBIDDEN) ?? [];
    const command = typed.trim() && !wrong ? commandFor(typed) : "";
    byId("formula-other").hidden = !this.isOther;
    byId("formula-text").setAttribute("aria-invalid", String(wrong !== undefined));
    byId("copy-command").hidden = !command;
    setText(byId("command"), command);
    const another = command ? tr`Another formula has another graph. This command makes its page:` : tr`Type a formula.`;
    setText(byId("formula-words"), wrong ? tr`${wrong} is not part of a formula.` : another);
  }

  reset() {
    byId("formula-text").value = graph.formula;
    this.compare();
  }

  async copy() {
    const isCopied = await copyText(byId("command").textContent);
    this.say(isCopied ? tr`The command is copied.` : tr`The browser forbids copying; select the command instead.`);
  }

  render() {
    for (const { settle } of this.fields) settle();
    if (this.fields.length && this.isOther) this.compare(); // the command has the current numbers
  }
}
