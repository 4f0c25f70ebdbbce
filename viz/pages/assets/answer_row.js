/* A row of the exercise: the field for one number, what is said about the answer, and a hint. */
import { mistakeIn } from "./answer.js";
import { html, setClass, setText } from "./dom.js";
import { backward, forward, graph, isProduct, nodes, root } from "./graph.js";
import { localPartial, mathOf, partial } from "./mathml.js";
import { typeset } from "./numbers.js";
import { tr } from "./words.js";

const { mistakes } = graph.exercise;

/* The formulas that lead to a number, without the number, each a list of equations; `steps` are the backward steps that
   contribute to it. The last list has their sum. */
function hintsFor({ kind, node }, steps) {
  const operationOf = (result) => {
    const { math } = forward.find((step) => step.node === result);
    return `${nodes[result].math} = ${math}`;
  };
  if (kind === "value") return [[operationOf(node)]];
  if (node === root) return [[`\\text{${tr`the derivative of the output with respect to itself`}}`]];
  const uses = steps.map((number) => {
    const step = backward[number];
    const local = localPartial(number) || `\\text{${tr`local derivative`}}`;
    const rule = isProduct(number) ? `${local} = ${step.formula}` : `\\text{${tr`a branch not taken`}}`;
    return [operationOf(step.node), rule];
  });
  const products = steps.filter(isProduct).map((number) => {
    const { node: result, formula } = backward[number];
    return `${partial(root, result)} \\cdot \\factor{${formula}}`;
  });
  return products.length ? [...uses, [`${partial(root, node)} = ${products.join(" + ")}`]] : uses;
}

export class AnswerRow {
  /* The row of a field, {kind, node}; `steps` are the backward steps that contribute to it. `on` has the actions focused(row),
     changed(row), entered(row) and asked(row), the last after the hint is shown or hidden. */
  constructor(field, steps, number, on) {
    this.field = field;
    this.steps = steps;
    this.status = ""; // "right", "wrong", or "" before a check
    const { name, scope } = nodes[field.node];
    const of = [scope, name].filter(Boolean).join(".");
    this.title = field.kind === "gradient" ? tr`gradient of ${of}` : tr`value of ${of}`;
    const id = `answer${number}`;
    const [label, words] = [`${id}-label`, `${id}-words`];
    this.input = html("input", { id, type: "number", step: "any" });
    this.input.setAttribute("aria-describedby", words);
    this.words = html("p", { id: words, className: "words" });
    this.button = html("button", { type: "button", textContent: tr`Hint` });
    this.button.setAttribute("aria-describedby", label);
    this.hint = html("div", { className: "hint", hidden: true });
    const title = html("label", { id: label, htmlFor: id, textContent: this.title });
    this.element = html("div", { className: `answer ${field.kind}` }, title, this.input, this.button, this.words, this.hint);
    this.input.addEventListener("input", () => {
      this.forget();
      on.changed(this);
    });
    this.input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      on.entered(this);
    });
    this.element.addEventListener("focusin", () => on.focused(this));
    this.button.addEventListener("click", () => {
      this.hint.hidden = !this.hint.hidden;
      on.asked(this);
    });
  }

  get isFilled() {
    return this.input.value !== "" || this.input.validity.badInput;
  }

  /* What is said about a wrong answer. */
  get complaint() {
    return this.status === "wrong" ? `${this.title}: ${this.words.textContent}` : "";
  }

  /* Judges the answer, if there is one; `numbers` is as for mistakeIn. */
  judge(numbers) {
    if (!this.isFilled) return;
    const mistake = mistakeIn(this.input.valueAsNumber, numbers);
    this.status = mistake ? "wrong" : "right";
    const answer = this.input.value ? typeset(this.input.value) : tr`This`;
    setText(this.words, mistake ? mistakes[mistake].replace("{0}", () => answer) : tr`✓ right`);
    this.input.setAttribute("aria-invalid", String(Boolean(mistake)));
  }

  /* Before another answer. */
  forget() {
    this.status = "";
    setText(this.words, "");
    this.input.removeAttribute("aria-invalid");
  }

  /* Before other numbers. */
  clear() {
    this.input.value = "";
    this.hint.hidden = true;
    this.forget();
  }

  render(isCurrent) {
    for (const status of ["right", "wrong"]) setClass(this.element, status, this.status === status);
    setClass(this.element, "current", isCurrent);
    this.button.setAttribute("aria-expanded", String(!this.hint.hidden));
    if (this.hint.hidden) return;
    const uses = this.steps.length;
    const many = this.field.kind === "gradient" && uses > 1;
    const sum = many ? [html("p", { textContent: tr`It is the sum of what ${uses} uses contribute.` })] : [];
    const groups = hintsFor(this.field, this.steps).map((equations) =>
      html("div", { className: "use" }, ...equations.map((latex) => html("div", {}, mathOf(latex)))),
    );
    this.hint.replaceChildren(...sum, ...groups);
  }
}
