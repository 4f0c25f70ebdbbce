/* The field for the number of a variable: it shows the current number, and changes it. */
import { html } from "./dom.js";
import { compute, leaves } from "./graph.js";
import { showExactly, showNumber } from "./numbers.js";

export function setLeaf(index, number) {
  leaves[index] = number;
  compute();
}

/* A field for the variable with that index; `changed` is called whenever the reader changes its number. `settle` shows
   the current number, rounded unless it is being edited. */
export function numberField(index, label, changed) {
  const field = html("input", { type: "number", step: "any" });
  field.setAttribute("aria-label", label);

  function settle() {
    const number = leaves[index];
    field.title = showExactly(number);
    if (document.activeElement === field) return;
    field.value = Number.isFinite(number) ? String(Number(number.toPrecision(6))) : "";
    field.placeholder = showNumber(number);
    field.removeAttribute("aria-invalid");
  }
  field.addEventListener("input", () => {
    const number = field.valueAsNumber;
    field.setAttribute("aria-invalid", String(Number.isNaN(number)));
    if (Number.isNaN(number)) return;
    setLeaf(index, number);
    changed();
  });
  field.addEventListener("focus", () => {
    if (Number.isFinite(leaves[index])) field.value = String(leaves[index]);
  });
  field.addEventListener("blur", settle);
  settle();
  return { field, settle };
}
