/* The parts of the address of any page with a graph: which layout it shows, what of it is visible, and what is presented. */
import { tr } from "./words.js";

export const isWholeUpTo = (text, most) => /^[0-9]+$/.test(text) && Number(text) <= most;

/* The parts of a page, in the order in which they are restored: the size of the view follows from the others. */
export function partsOfView(diagram, folding, presentation) {
  return {
    layout: {
      get: () => folding.choice,
      set: (text) => folding.restore(text),
      expected: tr`an integer from 0 to ${diagram.graph.layouts.length - 1}`,
    },
    present: presentPart(presentation),
    view: {
      get: () => viewOf(diagram.camera),
      set: (text) => restoreView(diagram.camera, text),
      expected: tr`whole, or a scale from 0.05 to 8 and the point in the middle, such as 1.5,120,80`,
    },
  };
}

export function presentPart(presentation) {
  const { panels } = presentation;
  return {
    get: () => presentation.choice,
    set: (text) => presentation.restore(text),
    expected: tr`${panels.slice(0, -1).join(", ")} or ${panels.at(-1)}, separated by commas`,
  };
}

/* What of a picture the viewer chose to see: all of it, or a scale and the point in the middle, which are the same in a
   window of another size; null if the viewer did not choose. */
function viewOf(camera) {
  if (camera.mode !== "free") return camera.mode === "whole" ? "whole" : null;
  const { scale } = camera.view;
  const middle = [camera.view.x, camera.view.y].map((at, axis) => ((camera.size[axis] / 2 - at) / scale).toFixed(1));
  return [Number(scale.toPrecision(4)), ...middle.map(Number)].join(",");
}

function restoreView(camera, text) {
  camera.onResize();
  if (text === null || text === "whole") {
    camera.mode = text === null ? "follow" : "whole";
    camera.layOut();
    return true;
  }
  if (!/^[^,\s]+,[^,\s]+,[^,\s]+$/.test(text)) return false;
  const [scale, ...middle] = text.split(",").map(Number);
  if (!(scale >= 0.05 && scale <= 8 && middle.every(Number.isFinite))) return false;
  const [x, y] = middle.map((at, axis) => camera.size[axis] / 2 - at * scale);
  camera.mode = "free";
  camera.view = { scale, x, y };
  camera.apply();
  return true;
}
