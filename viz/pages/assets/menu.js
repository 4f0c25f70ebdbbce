/* The menu that saves the graph of the current step, and copies its math. */
import { copyText } from "./clipboard.js";
import { byId } from "./dom.js";
import { latexOfStep } from "./equations.js";
import { pictureOf, savePng, saveSvg } from "./export.js";
import { isLinkable } from "./link.js";
import { position } from "./steps.js";
import { tr } from "./words.js";

/* A name for a file, from the title of the page and the step. */
function fileName() {
  const words = document.title.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ["graph"];
  return `${words.join("-").slice(0, 60)}-step-${position}`;
}

/* `say(words)` tells the reader something. */
export function addMenu(diagram, say) {
  const menu = byId("save");
  const onChoice = (id, act) =>
    byId(id).addEventListener("click", () => {
      menu.open = false;
      menu.querySelector("summary").focus();
      act();
    });
  const picture = () => pictureOf(diagram, document.title);
  onChoice("save-svg", () => saveSvg(picture(), fileName()));
  onChoice("save-png", () => savePng(picture(), fileName()));
  onChoice("copy-latex", async () => {
    const latex = latexOfStep();
    say((await copyText(latex)) ? tr`The math is copied as LaTeX.` : tr`The browser forbids copying; the math is ${latex}`);
  });
  for (const id of ["save-svg", "save-png"]) byId(id).hidden = !isLinkable; // the frame of a notebook saves no files
  menu.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !menu.contains(relatedTarget)) menu.open = false;
  });
  document.addEventListener("pointerdown", ({ target }) => {
    if (!menu.contains(target)) menu.open = false;
  });
}
