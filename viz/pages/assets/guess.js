/* Predict, then reveal: hides the contribution of a backward step until the reader has guessed it. */
import { deviationOf, isRight } from "./answer.js";
import { byId } from "./dom.js";
import { contributions } from "./graph.js";
import { typeset } from "./numbers.js";
import { backwardNumber, isConcealed, isPredicting, predict, reveal } from "./steps.js";
import { tr } from "./words.js";

const DEVIATIONS = {
  sign: (guess) => tr`${guess} has the wrong sign.`,
  large: (guess) => tr`${guess} is too large.`,
  small: (guess) => tr`${guess} is too small.`,
};

export class Guess {
  /* `changed` is called after the switch or a guess; `revealed` after the contribution is revealed. */
  constructor({ changed, revealed }) {
    this.changed = changed;
    this.revealed = revealed;
    this.words = ""; // about the last guess
    byId("predict").addEventListener("click", () => {
      this.set(!isPredicting());
      if (isPredicting()) (isConcealed() ? byId("guessed") : byId("next")).focus(); // where the reader goes on
    });
    byId("reveal").addEventListener("click", () => this.reveal(""));
    byId("guess").addEventListener("submit", (event) => {
      event.preventDefault();
      this.check(byId("guessed").valueAsNumber);
    });
    document.addEventListener("keydown", (event) => this.take(event), true);
  }

  /* While a contribution is hidden, Enter and whatever begins a number go to the field, from anywhere but other fields. */
  take(event) {
    const { key, target } = event;
    if (!isConcealed() || event.ctrlKey || event.metaKey || event.altKey) return;
    if (key !== "Enter" && !/^[-+.0-9]$/.test(key)) return;
    if (byId("guess").contains(target) || target.matches("input:not([type=range], [type=checkbox]), select, textarea")) return;
    event.stopPropagation();
    if (key === "Enter") event.preventDefault(); // it does not press what has the focus
    byId("guessed").focus();
  }

  set(isOn) {
    predict(isOn);
    this.forget();
    this.changed();
  }

  check(guess) {
    if (Number.isNaN(guess)) this.words = tr`Type a number first.`;
    else {
      const truth = contributions[backwardNumber()];
      if (isRight(guess, truth)) return this.reveal(tr`Right!`);
      this.words = DEVIATIONS[deviationOf(guess, truth)](typeset(byId("guessed").value));
    }
    byId("guessed").setAttribute("aria-invalid", "true");
    byId("guessed").select();
    return this.changed();
  }

  reveal(words) {
    reveal();
    this.words = words;
    this.revealed();
    byId("next").focus(); // where the reader goes on
  }

  /* Before another step. */
  forget() {
    this.words = "";
    byId("guessed").value = "";
    byId("guessed").removeAttribute("aria-invalid");
  }

  render() {
    document.body.classList.toggle("predicting", isPredicting());
    byId("predict").setAttribute("aria-pressed", String(isPredicting()));
    byId("guess").hidden = !isConcealed();
  }
}
