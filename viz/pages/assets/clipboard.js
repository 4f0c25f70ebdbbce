/* Copying text. */
import { html } from "./dom.js";

/* Copies a text; returns whether the browser allowed it. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text); // the frame of a notebook may do no more than what a key would
  }
}

function copySelected(text) {
  const { activeElement } = document;
  const field = html("textarea", { value: text, readOnly: true, className: "copied" });
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand("copy");
  field.remove();
  activeElement?.focus();
  return isCopied;
}
