/* The keys of a page, and its full screen. */
import { byId } from "./dom.js";

function toggleFullscreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen().catch(() => {}); // an enclosing page may forbid it
}

/* Whether a key has its usual meaning in an element: in a number field all but Escape, elsewhere those that it needs. */
function keepsKey(element, key) {
  if (element.matches("#guessed, .answer input") && key.startsWith("Page")) return false; // a clicker goes on, whatever was typed
  if (element.matches("input[type=number], input[type=text], textarea")) return key !== "Escape";
  if (element.matches("button, summary, [role=button], input[type=checkbox]")) return key === " " || key === "Enter";
  return element.matches("select, input[type=range]:not(#scrubber)") && key.startsWith("Arrow");
}

/* Calls an action for each key of `keys`, unless the element that has the focus needs the key itself. */
export function listenToKeys(keys) {
  const all = { f: () => document.fullscreenEnabled && toggleFullscreen(), ...keys };
  document.addEventListener("keydown", (event) => {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(all, key)) return;
    if (keepsKey(event.target, key)) return;
    event.preventDefault();
    all[key](event);
  });
  // A list chosen from by a pointer gives the arrow keys back; whoever uses the keyboard goes on in it.
  let isByPointer = false;
  document.addEventListener("pointerdown", () => (isByPointer = true), true);
  document.addEventListener("keydown", () => (isByPointer = false), true);
  document.addEventListener("change", ({ target }) => isByPointer && target.matches("select") && target.blur());
  byId("fullscreen").hidden = !document.fullscreenEnabled;
  byId("fullscreen").addEventListener("click", toggleFullscreen);
}
