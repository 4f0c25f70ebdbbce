/* The player: moves from position to position, by buttons, scrubber and keys, or automatically. */
import { byId, setText } from "./dom.js";
import { listenToKeys } from "./keys.js";
import { tr } from "./words.js";

export class Player {
  /* `last` is the last position, counted from 0; `keys` maps other keys to actions. `show(position, time)` shows a
     position for at least so many milliseconds; 0 while a key is held or the scrubber moves; `paused()` is called when
     playing ends. `haste` divides the delays, which allow time to read a step. */
  constructor({ last, show, paused = () => {}, keys, haste = 1 }) {
    this.position = 0;
    this.last = last;
    this.show = show;
    this.paused = paused;
    this.haste = haste;
    this.timer = null;
    const byHand = (act) => (event) => {
      this.pause();
      act(event);
    };
    const moves = {
      first: byHand(() => this.go(0)),
      back: byHand(() => this.go(this.position - 1)),
      next: (event) => this.next(event),
      last: byHand(() => this.go(last)),
    };
    for (const [id, move] of Object.entries(moves)) byId(id).addEventListener("click", move);
    byId("play").addEventListener("click", () => this.toggle());
    byId("scrubber").max = String(last);
    byId("scrubber").addEventListener("input", byHand((event) => this.go(event.target.valueAsNumber)));
    byId("speed").addEventListener("change", () => this.playing && this.play());
    listenToKeys({
      ArrowRight: moves.next,
      ArrowLeft: moves.back,
      PageDown: moves.next, // these two are the keys of a clicker for slides
      PageUp: moves.back,
      Home: moves.first,
      End: moves.last,
      " ": () => this.toggle(),
      ...keys,
    });
  }

  get playing() {
    return this.timer !== null;
  }

  go(to, time = 0) {
    const target = Math.min(this.last, Math.max(0, to));
    const hasMoved = target !== this.position;
    this.position = target;
    if (target === this.last) this.pause();
    if (hasMoved) this.show(target, time);
  }

  /* Goes one position on, by hand; `repeat` is whether a key is held. */
  next({ repeat }) {
    this.pause();
    this.go(this.position + 1, repeat ? 0 : Infinity);
  }

  pause() {
    if (!this.playing) return;
    clearInterval(this.timer);
    this.timer = null;
    this.renderPlay();
    this.paused();
  }

  play() {
    clearInterval(this.timer);
    if (this.position === this.last) this.go(0);
    const time = Number(byId("speed").value) / this.haste;
    this.timer = setInterval(() => this.go(this.position + 1, time), time);
    this.renderPlay();
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  renderPlay() {
    byId("play").classList.toggle("playing", this.playing);
    byId("play").setAttribute("aria-label", this.playing ? tr`Pause` : tr`Play`);
    byId("play").title = this.playing ? tr`Pause (space)` : tr`Play (space)`;
  }

  /* Brings the controls up to date; `phase` is the position in a few words. */
  render(phase) {
    byId("first").disabled = byId("back").disabled = this.position === 0;
    byId("next").disabled = byId("last").disabled = this.position === this.last;
    byId("scrubber").value = String(this.position);
    byId("scrubber").setAttribute("aria-valuetext", phase);
    setText(byId("phase"), phase);
    document.body.dataset.position = String(this.position);
  }
}
