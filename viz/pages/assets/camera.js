/* The visible part of a picture: zooming, moving and fitting it, by mouse, finger, button or script. */
import { byId } from "./dom.js";
import { runsOf, viewShowing } from "./views.js";

const LARGEST = 2.4; // the largest scale to which a small picture is enlarged
const MARGIN = 12; // pixels around a picture
const LEAST_MARGIN = 4; // where a picture is legible only so
const TEXT = 12; // units: the text of a picture
const LEAST_TEXT = 12; // pixels
const PRESENTED = 1.4; // how many times larger the text is while the page is presented
const MOST_SMOOTH = 300; // boxes: a browser paints a picture again for every frame of its motion
const TREMBLE = 4; // pixels that a pointer may move during a click

export class Camera {
  /* Shows `scene`, an SVG group, in the element `canvas`; `frame` sets its size. */
  constructor(canvas, scene) {
    this.canvas = canvas;
    this.scene = scene;
    this.view = { scale: 1, x: 0, y: 0 };
    this.mode = "follow"; // "free" after the viewer moves the picture, "whole" after they ask to see all of it
    this.focus = []; // regions that the current step is about
    this.planned = null; // a view of them
    this.chosen = null; // what the viewer chose to see before the presentation mode
    this.resized = () => {}; // what a page does when the canvas has another size
    this.pointers = new Map();
    this.moved = false; // whether the pointer has moved since it went down, so that its click does not count
    this.listen();
    this.measure();
    new ResizeObserver(() => this.onResize()).observe(canvas);
  }

  /* Keeps the size of the canvas, and the scale at which a picture's text is legible: on a projector of 1920 by 1080 it
     has 16 pixels there, on smaller screens 12, and more while the page is presented. Asking for sizes while a picture changes makes the browser lay out all of
     it at once. */
  measure() {
    const { width, height } = this.canvas.getBoundingClientRect();
    this.size = [Math.max(width, 1), Math.max(height, 1)];
    this.rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    const text = Math.max(LEAST_TEXT, this.rem - 4) * (document.body.classList.contains("presenting") ? PRESENTED : 1);
    this.readableScale = Math.ceil((1000 * text) / TEXT) / 1000; // not a hair below it
  }

  /* Starts with another picture; `size` is in its own units. */
  frame(size) {
    this.length = size;
    this.focus = [];
    this.planned = null;
    this.scene.classList.toggle("large", this.scene.querySelectorAll(".box").length > MOST_SMOOTH);
    this.showWhole();
  }

  /* Whether the whole of a picture of this size is legible. */
  shows(length) {
    return this.scaleOf(length) >= this.readableScale;
  }

  /* Whether a picture of this size is legible at its full height. */
  showsUpright([, h]) {
    return this.shows([1, h]);
  }

  /* The scale at which the whole of a picture of this size is visible. */
  scaleOf([w, h]) {
    const [width, height] = this.size;
    const scaleWithin = (margin) => Math.min((width - 2 * margin) / w, (height - 2 * margin) / h, LARGEST);
    const roomy = scaleWithin(MARGIN);
    if (roomy >= this.readableScale) return roomy;
    return Math.max(0.05, Math.min(this.readableScale, scaleWithin(LEAST_MARGIN)));
  }

  apply() {
    const { scale, x, y } = this.view;
    this.scene.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
  }

  /* Moves the point (x, y) of the picture as near to the centre as possible without leaving space unused. */
  centre(x, y, scale) {
    this.scene.classList.remove("held");
    const shift = (at, size, length) => {
      const all = length * scale;
      if (all <= size - 2 * LEAST_MARGIN + 0.01) return (size - all) / 2;
      return Math.min(MARGIN, Math.max(size - all - MARGIN, size / 2 - at * scale));
    };
    const [width, height] = this.size;
    this.view = { scale, x: shift(x, width, this.length[0]), y: shift(y, height, this.length[1]) };
    this.apply();
  }

  showWhole() {
    this.centre(0, 0, this.scaleOf(this.length));
  }

  fit() {
    this.mode = "whole";
    this.showWhole();
  }

  /* Shows the whole picture or, if that is too small to read, the part that the current step is about. */
  layOut() {
    if (!this.length) return;
    if (this.mode === "free") this.reach();
    else if (this.mode === "whole" || !this.focus.length || this.shows(this.length)) this.showWhole();
    else this.show(this.planned ?? this.find());
  }

  /* A view of what the current step is about. */
  find() {
    const [{ region }] = runsOf([this.focus], this.size, this.readableScale);
    return viewShowing(region, [], this.length, this.size, this.readableScale);
  }

  /* Follows the steps to `regions` of the picture, each {left, top, right, bottom}, of which the first that fits must be
     visible, or the last. `view` shows it; null to find one. */
  follow(regions, view = null) {
    const isSame = JSON.stringify(regions) === JSON.stringify(this.focus);
    this.focus = regions;
    this.planned = view;
    if (this.mode === "free" && isSame) return; // the viewer may have moved the picture away from it
    this.layOut();
  }

  /* Arranges the page for the presentation mode, in which the picture follows the steps, or for reading alone, where the
     viewer sees again what they chose to see before. */
  present(isOn, arrange) {
    if (isOn && !this.chosen) {
      const { mode, view, focus } = this;
      this.chosen = { mode, view, focus };
      this.mode = "follow";
    }
    arrange();
    if (isOn || !this.chosen) return;
    const { mode, view, focus } = this.chosen;
    this.chosen = null;
    this.mode = mode;
    if (mode === "free") {
      this.show(view);
      this.focus = focus;
    } else this.layOut();
  }

  /* Keeps visible what was so before the canvas has another size. */
  onResize() {
    const before = String(this.size);
    this.keepInSight(() => {
      this.measure();
      if (String(this.size) === before) return;
      this.planned = null; // it is for another size
      this.resized();
    });
  }

  /* Lays out the picture after `change`, unless the viewer had moved it away from the current step. */
  keepInSight(change) {
    const isAway = this.mode === "free" && !this.isReached;
    change();
    if (!isAway) this.layOut();
  }

  show(view) {
    this.scene.classList.remove("held");
    this.view = { ...view };
    this.apply();
  }

  /* Of the regions that the current step is about, the one that must be visible at the scale of the view. */
  get wanted() {
    const [width, height] = this.size;
    const { scale } = this.view;
    const fits = ({ left, top, right, bottom }) =>
      (right - left) * scale <= width - 40 && (bottom - top) * scale <= height - 40;
    return this.focus.find(fits) ?? this.focus.at(-1);
  }

  /* Whether it is visible. */
  get isReached() {
    if (!this.focus.length) return true;
    const { left, top, right, bottom } = this.wanted;
    const { scale, x, y } = this.view;
    const [width, height] = this.size;
    const isVisible = (at, shift, size) => at * scale + shift >= 8 && at * scale + shift <= size - 8;
    const sides = [[left, x, width], [right, x, width], [top, y, height], [bottom, y, height]];
    return sides.every((side) => isVisible(...side));
  }

  /* Moves a picture that the viewer has moved, without scaling it, if the current step is out of sight. */
  reach() {
    if (this.isReached) return;
    const { left, top, right, bottom } = this.wanted;
    this.centre((left + right) / 2, (top + bottom) / 2, this.view.scale);
  }

  /* Zooms about a point of the canvas, by default its centre. */
  zoom(factor, at = this.size.map((length) => length / 2)) {
    const scale = Math.min(8, Math.max(0.05, this.view.scale * factor));
    const grown = scale / this.view.scale;
    this.view = { scale, x: at[0] - (at[0] - this.view.x) * grown, y: at[1] - (at[1] - this.view.y) * grown };
    this.mode = "free";
    this.apply();
  }

  pan(dx, dy) {
    this.view.x += dx;
    this.view.y += dy;
    this.mode = "free";
    this.apply();
  }

  /* The point on the canvas under a pointer. */
  pointOf(event) {
    const { left, top } = this.canvas.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  }

  listen() {
    const { canvas } = this;
    byId("zoom-in").addEventListener("click", () => this.zoom(1.25));
    byId("zoom-out").addEventListener("click", () => this.zoom(0.8));
    byId("fit").addEventListener("click", () => this.fit());
    canvas.addEventListener("wheel", (event) => this.onWheel(event), { passive: false });
    canvas.addEventListener("pointerdown", (event) => {
      this.moved = false;
      canvas.classList.add("entered");
      this.pointers.set(event.pointerId, this.pointOf(event));
    });
    canvas.addEventListener("pointermove", (event) => this.onMove(event));
    canvas.addEventListener("pointerleave", () => canvas.classList.remove("entered"));
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, (event) => {
        this.pointers.delete(event.pointerId);
        setTimeout(() => {
          this.moved = false; // after the click that follows
        });
      });
    }
  }

  onWheel(event) {
    // Inside a notebook, the wheel scrolls the notebook until the viewer has clicked the picture.
    if (window.parent !== window && !event.ctrlKey && !this.canvas.classList.contains("entered")) return;
    event.preventDefault();
    this.scene.classList.add("held");
    this.zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)), this.pointOf(event));
  }

  onMove(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const now = this.pointOf(event);
    if (!this.moved && Math.hypot(now[0] - before[0], now[1] - before[1]) < TREMBLE) return;
    this.moved = true;
    this.canvas.setPointerCapture(event.pointerId);
    this.scene.classList.add("held");
    const [other] = [...this.pointers].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
    if (other) {
      const distance = ([x, y]) => Math.hypot(x - other[0], y - other[1]) || 1;
      this.zoom(distance(now) / distance(before), other);
    } else this.pan(now[0] - before[0], now[1] - before[1]);
    this.pointers.set(event.pointerId, now);
  }
}
