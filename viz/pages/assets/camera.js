/* What part of a picture is seen: zooming, moving and fitting it, by mouse, finger, button or program. */
import { element } from "./dom.js";

const LARGEST = 2.4; // the scale to which a small picture is blown up
const LEGIBLE = 0.75; // of the scale that is read with ease, what is still better than to lose sight of the whole
const MARGIN = 12; // pixels that are left around a picture
const TREMBLE = 4; // pixels that a pointer may move in a click

export class Camera {
  /* Shows `scene`, a group of SVG whose own size is given to `frame`, in the element `canvas`. */
  constructor(canvas, scene) {
    this.canvas = canvas;
    this.scene = scene;
    this.view = { scale: 1, x: 0, y: 0 };
    this.mode = "follow"; // or "free", once the viewer has moved the picture; or "whole", once all of it is asked for
    this.pointers = new Map();
    this.moved = false; // whether the pointer has moved since it went down, so that its click is none
    this.listen();
    new ResizeObserver(() => this.mode !== "free" && this.place()).observe(canvas);
  }

  /* Begins with another picture, of a size in its own units. */
  frame(size) {
    this.length = size;
    this.focus = null;
    this.place();
  }

  get size() {
    const { width, height } = this.canvas.getBoundingClientRect();
    return [Math.max(width, 1), Math.max(height, 1)];
  }

  /* The least scale at which a picture with text of 12 units is read with ease: about the size of the page's own. */
  get readableScale() {
    return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 17;
  }

  get wholeScale() {
    return this.scaleOf(this.length);
  }

  /* Whether a picture of some size can be read as a whole. */
  shows(length) {
    return this.scaleOf(length) >= LEGIBLE * this.readableScale;
  }

  /* The scale at which a picture of some size is seen whole. */
  scaleOf([w, h]) {
    const [width, height] = this.size;
    return Math.max(0.05, Math.min((width - 2 * MARGIN) / w, (height - 2 * MARGIN) / h, LARGEST));
  }

  apply() {
    const { scale, x, y } = this.view;
    this.scene.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
  }

  /* Shows the point (x, y) of the picture in the middle, or as near to it as leaves no room unused. */
  centre(x, y, scale) {
    this.scene.classList.remove("held");
    const shift = (at, size, length) => {
      const all = length * scale;
      if (all <= size - 2 * MARGIN) return (size - all) / 2;
      return Math.min(MARGIN, Math.max(size - all - MARGIN, size / 2 - at * scale));
    };
    const [width, height] = this.size;
    this.view = { scale, x: shift(x, width, this.length[0]), y: shift(y, height, this.length[1]) };
    this.apply();
  }

  /* All of the picture; and if that is too small to read, what matters now. */
  place() {
    if (!this.length) return;
    this.centre(0, 0, this.wholeScale);
    this.follow(this.focus);
  }

  fit() {
    this.mode = "whole";
    this.centre(0, 0, this.wholeScale);
  }

  /* Keeps a part of the picture in sight, {left, top, right, bottom}, at a scale at which it can be read. */
  follow(focus) {
    this.focus = focus;
    if (this.mode === "whole" || !focus) return;
    const whole = this.wholeScale;
    if (this.mode === "follow" && this.shows(this.length)) return;
    const { left, top, right, bottom } = focus;
    const [width, height] = this.size;
    const most = Math.min((width - 40) / (right - left), (height - 40) / (bottom - top));
    const readable = Math.max(whole, Math.min(this.readableScale, most));
    const scale = this.mode === "follow" ? readable : this.view.scale;
    const { x, y } = this.view;
    const isSeen = (at, shift, size) => at * this.view.scale + shift >= 8 && at * this.view.scale + shift <= size - 8;
    const seen = [[left, x, width], [right, x, width], [top, y, height], [bottom, y, height]];
    if (scale > this.view.scale || !seen.every((side) => isSeen(...side))) {
      this.centre((left + right) / 2, (top + bottom) / 2, scale);
    }
  }

  /* Larger or smaller, about a point of the canvas. */
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

  placeOf(event) {
    const { left, top } = this.canvas.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  }

  listen() {
    const { canvas } = this;
    element("zoom-in").addEventListener("click", () => this.zoom(1.25));
    element("zoom-out").addEventListener("click", () => this.zoom(0.8));
    element("fit").addEventListener("click", () => this.fit());
    canvas.addEventListener("wheel", (event) => this.onWheel(event), { passive: false });
    canvas.addEventListener("pointerdown", (event) => {
      this.moved = false;
      canvas.classList.add("entered");
      this.pointers.set(event.pointerId, this.placeOf(event));
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
    // Inside a notebook the wheel scrolls the notebook, until the viewer has clicked into the picture.
    if (window.parent !== window && !event.ctrlKey && !this.canvas.classList.contains("entered")) return;
    event.preventDefault();
    this.scene.classList.add("held");
    this.zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)), this.placeOf(event));
  }

  onMove(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const now = this.placeOf(event);
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
