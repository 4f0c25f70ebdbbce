/* The editor: a text area in which Tab and Enter indent. */

const INDENT = "    ";

/* `run` is called for Shift+Enter and Ctrl+Enter. */
export function makeEditor(area, run) {
  let leaves = false; // after Escape, Tab moves on: who has only a keyboard must get out
  area.addEventListener("keydown", (event) => {
    const { key, shiftKey, ctrlKey, metaKey, altKey, isComposing } = event;
    if (isComposing || altKey) return;
    const tabLeaves = leaves;
    leaves = key === "Escape" || (leaves && key === "Shift");
    if (key === "Enter" && (shiftKey || ctrlKey || metaKey)) run();
    else if (ctrlKey || metaKey) return;
    else if (key === "Enter") insert(area, newLine(area));
    else if (key === "Tab" && !tabLeaves) indent(area, shiftKey);
    else return;
    event.preventDefault();
  });
}

/* Replaces the selection. The old command is the only one that the browser can undo. */
function insert(area, text) {
  const done = text ? document.execCommand("insertText", false, text) : document.execCommand("delete");
  if (!done) area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
}

/* The break of a line, with the indentation of the line, and one level more after a colon. */
function newLine({ value, selectionStart }) {
  const line = value.slice(value.lastIndexOf("\n", selectionStart - 1) + 1, selectionStart);
  const [spaces] = line.match(/^ */);
  return `\n${spaces}${/:\s*$/.test(line) ? INDENT : ""}`;
}

/* Inserts spaces up to the next stop, or indents the selected lines; with `isBack`, removes them. */
function indent(area, isBack) {
  const { value, selectionStart, selectionEnd } = area;
  const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const selected = value.slice(selectionStart, selectionEnd);
  if (!isBack && !selected.includes("\n")) {
    insert(area, INDENT.slice((selectionStart - start) % INDENT.length));
    return;
  }
  const after = value.indexOf("\n", Math.max(selectionEnd - (selected.endsWith("\n") ? 1 : 0), selectionStart));
  const end = after < 0 ? value.length : after;
  const lines = value.slice(start, end);
  const changed = isBack ? lines.replaceAll(/^ {1,4}/gm, "") : lines.replaceAll(/^(?=.)/gm, INDENT);
  if (changed === lines) return;
  area.setSelectionRange(start, end);
  insert(area, changed);
  if (selected) area.setSelectionRange(start, start + changed.length);
}
