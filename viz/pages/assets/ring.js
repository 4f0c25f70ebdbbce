/* The ring around the marker of the chosen sample. */
import { setAttribute, svg } from "./dom.js";

const RADIUS = 13; // in the unit of markers

export class Ring {
  constructor(markers) {
    this.markers = markers;
    this.element = svg(
      "g",
      { class: "ring", "aria-hidden": "true" },
      svg("circle", { class: "halo", r: RADIUS }),
      svg("circle", { r: RADIUS }),
    );
  }

  /* Surrounds the marker of a sample. */
  choose(sample) {
    this.sample = sample;
    this.markers.forEach((shape, other) => shape.classList.toggle("chosen", other === sample));
    this.follow();
  }

  /* Follows the marker, wherever it is now. */
  follow() {
    const place = this.markers[this.sample]?.getAttribute("transform");
    if (place) setAttribute(this.element, "transform", place);
  }
}
