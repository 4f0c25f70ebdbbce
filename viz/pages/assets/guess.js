/* Predict, then reveal: hides the contribution of a backward step until the reader has guessed it. */
import { byId } from "./dom.js";
import { contributions } from "./graph.js";
import { typeset } from "./numbers.js";
import { backwardNumber, isConcealed, isPredicting, predict, reveal } from "./steps.js";

const TOLERANCE = 0.01; // of the contribution: the page shows its factors with four digits

/* What is wrong with a guess, in words; "" if it is right. */
function faultOf(guess, truth) {
  if (guess === truth || Math.abs(guess - truth) <= TOLERANCE * Math.abs(truth)) return "";
  if (guess * truth < 0) return "has the wrong sign";
  return Math.abs(guess) > Math.abs(truth) ? "is too large" : "is too small";
}

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
    if (Number.isNaN(guess)) this.words = "Type a number first.";
    else {
      const wrong = faultOf(guess, contributions[backwardNumber()]);
      if (!wrong) return this.reveal("Right!");
      this.words = `${typeset(byId("guessed").value)} ${wrong}.`;
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
