/* The division of the page: the graph stands next to the math and the code, or above them over the whole width. */
import { setClass } from "./dom.js";

const FEWER = 0.75; // of the views: so many fewer are worth the width of the page
const USUAL = 0.52; // of the height, for a graph above the others that is not legible as a whole
const LEAST_BELOW = 12; // rem: the height of the panels below it
const ROOM_ABOVE_AND_BELOW = 24; // pixels around a picture, if there are so many

export class Division {
  constructor(camera, folding, course) {
    this.camera = camera;
    this.folding = folding;
    this.course = course;
    this.main = document.querySelector("main");
  }

  /* Measures the canvas, and plans the course of the steps in it, from the most detailed layout that is legible unless the
     reader has opened or folded something. Returns how many views the steps take, and the detail and the scale at first. */
  survey() {
    this.camera.measure();
    if (this.folding.followsSteps) this.folding.chooseReadable();
    this.course.plan(this.folding.course);
    const [{ opened, size }] = this.course.layouts;
    return { views: this.course.numberOfViews, detail: opened.length, scale: this.camera.scaleOf(size) };
  }

  /* Gives the graph the whole width if the steps can be followed in fewer views then or, in as many, if more of it, or
     larger, can be read. */
  choose() {
    const picture = this.camera.scene.ownerSVGElement;
    picture.style.display = "none"; // so that a browser need not lay it out for each size that is tried
    const [beside, above] = [false, true].map((isWide) => {
      setClass(document.body, "wide", isWide);
      if (isWide) this.giveHeight();
      return this.survey();
    });
    const isCalmer = above.views < beside.views && above.views <= FEWER * beside.views;
    const gain = above.detail - beside.detail || above.scale - 1.1 * beside.scale;
    setClass(document.body, "wide", isCalmer || (above.views <= beside.views && gain > 0));
    picture.style.display = "";
  }

  /* Gives the graph the height at which all of it is legible or, if it is low, fills the width, but leaves room below. */
  giveHeight() {
    const all = this.main.clientHeight;
    const most = all - LEAST_BELOW * this.camera.rem;
    this.setHeight(most);
    this.survey();
    const others = most - this.camera.size[1]; // the heading and the border
    const { layouts } = this.course;
    const heightOf = ({ size }, scale) => size[1] * scale + ROOM_ABOVE_AND_BELOW + others;
    const wanted = layouts.map((layout) =>
      this.camera.showsUpright(layout.size) ? heightOf(layout, this.camera.readableScale) : USUAL * all,
    );
    const filling = heightOf(layouts[0], this.camera.scaleOf(layouts[0].size));
    this.setHeight(Math.min(most, Math.max(...wanted, Math.min(USUAL * all, filling))));
  }

  setHeight(pixels) {
    this.main.style.setProperty("--graph-height", `${Math.ceil(pixels)}px`);
  }
}
