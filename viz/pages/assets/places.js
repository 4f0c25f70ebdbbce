/* Where a layout shows nodes. */
import { around } from "./views.js";

const placesOfLayouts = new WeakMap(); // by layout

export class Places {
  constructor(layout, folds) {
    this.boxOf = new Map(); // by node
    this.regions = new Map(); // by box
    for (const [box, x, y, width, height] of layout.boxes) {
      for (const node of box < 0 ? folds[-box - 1].nodes : [box]) this.boxOf.set(node, box);
      this.regions.set(box, { left: x, top: y, right: x + width, bottom: y + height });
    }
  }

  /* The region of the boxes that show some nodes; null if there are none. */
  regionOf(nodes) {
    const boxes = new Set([...nodes].map((node) => this.boxOf.get(node)).filter((box) => box !== undefined));
    return boxes.size ? around([...boxes].map((box) => this.regions.get(box))) : null;
  }
}

/* The places of a layout, found once. */
export function placesOf(layout, folds) {
  if (!placesOfLayouts.has(layout)) placesOfLayouts.set(layout, new Places(layout, folds));
  return placesOfLayouts.get(layout);
}
