/* The samples as markers. */
import { byId } from "./dom.js";
import { legendOf, placeShape, shapeOf, sizeOf } from "./marker_shapes.js";
import { classes, labels, samples } from "./training.js";

const SIZE = sizeOf(samples.length);

/* A marker for each sample; pressing one calls `choose` with its number. */
export function buildMarkers(choose) {
  return samples.map((_, number) => {
    const shape = shapeOf(labels[number]);
    shape.dataset.sample = String(number);
    shape.addEventListener("click", () => choose(number));
    return shape;
  });
}

export function placeMarker(shape, x, y) {
  placeShape(shape, x, y, SIZE);
}

/* Shows the marker and the name of each class. */
export function renderLegend() {
  byId("legend").replaceChildren(...legendOf(classes));
}
