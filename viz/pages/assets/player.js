/* Going from position to position: by buttons, scrubber and keys, and by itself. */
import { element, setText } from "./dom.js";

function toggleFullscreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen().catch(() => {}); // where the page around it does not allow it
}

export class Player {
  /* `last` is the last position there is, from 0; `show(position)` shows one; `keys` has what other keys do.
     `haste` is how many times shorter the delays are than they are for steps to read. */
  constructor({ last, show, keys, haste = 1 }) {
    this.position = 0;
    this.last = last;
    this.show = show;
    this.haste = haste;
    this.timer = null;
    const byHand = (act) => (event) => {
      this.pause();
      act(event);
    };
    const moves = {
      first: byHand(() => this.go(0)),
      back: byHand(() => this.go(this.position - 1)),
      next: byHand(() => this.go(this.position + 1)),
      last: byHand(() => this.go(last)),
    };
    for (const [id, move] of Object.entries(moves)) element(id).addEventListener("click", move);
    element("play").addEventListener("click", () => this.toggle());
    element("scrubber").max = String(last);
    element("scrubber").addEventListener("input", byHand((event) => this.go(event.target.valueAsNumber)));
    element("speed").addEventListener("change", () => this.playing && this.play());
    element("fullscreen").hidden = !document.fullscreenEnabled;
    element("fullscreen").addEventListener("click", toggleFullscreen);
    this.listen({
      ArrowRight: moves.next,
      ArrowLeft: moves.back,
      Home: moves.first,
      End: moves.last,
      " ": () => this.toggle(),
      f: () => document.fullscreenEnabled && toggleFullscreen(),
      ...keys,
    });
  }

  listen(keys) {
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, event.key)) return;
      const inField = event.target.matches("input, select");
      const presses = event.target.matches("button, summary") && event.key === " ";
      if (presses || (inField && event.key !== "Escape")) return; // there these keys have a meaning of their own
      event.preventDefault();
      keys[event.key](event);
    });
  }

  get playing() {
    return this.timer !== null;
  }

  go(to) {
    const target = Math.min(this.last, Math.max(0, to));
    if (target === this.last) this.pause();
    if (target === this.position) return;
    this.position = target;
    this.show(target);
  }

  pause() {
    clearInterval(this.timer);
    this.timer = null;
    this.renderPlay();
  }

  play() {
    clearInterval(this.timer);
    if (this.position === this.last) this.go(0);
    this.timer = setInterval(() => this.go(this.position + 1), Number(element("speed").value) / this.haste);
    this.renderPlay();
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  renderPlay() {
    element("play").classList.toggle("playing", this.playing);
    element("play").setAttribute("aria-label", this.playing ? "Pause" : "Play");
    element("play").title = this.playing ? "Pause (space)" : "Play (space)";
  }

  /* Brings the controls up to date; `phase` says in a few words where we are. */
  render(phase) {
    element("first").disabled = element("back").disabled = this.position === 0;
    element("next").disabled = element("last").disabled = this.position === this.last;
    element("scrubber").value = String(this.position);
    element("scrubber").setAttribute("aria-valuetext", phase);
    setText(element("phase"), phase);
    document.body.dataset.position = String(this.position);
  }
}
