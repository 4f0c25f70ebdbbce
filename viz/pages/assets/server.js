/* Trains in turns, so that it can be told what to do meanwhile: in a worker, or on the page where there is none. */
import { drawnNoise, drawnWeights } from "./random.js";
import { Trainer } from "./trainer.js";

const TURN = 12; // milliseconds of training at a time
const CHECKED = 8; // steps between two looks at the clock

/* The initial weights of a network with a seed. */
export const initialWeights = (seed, draws) => drawnWeights(seed, draws);

/* The noise of a seed. */
export const noiseOf = (seed, count) => drawnNoise(seed, count);

export class TrainingServer {
  /* `post(snapshot)` is called with what to show, at most once until `seen` is received. */
  constructor(post) {
    this.trainer = new Trainer(networks, optimizers, penaltySlope);
    this.post = post;
    this.pace = 0; // epochs per second
    this.isSeen = true;
    this.isDue = false; // whether there is something to show
    this.number = 0; // of the last message
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener("message", () => this.turn());
    port1.start();
    this.next = () => port2.postMessage(null); // a timeout would wait at least 4 ms
  }

  /* Does what a message says: load or change a setting, make some steps or epochs, go on at a pace. */
  receive({ number, load, change, steps = 0, epochs = 0, pace, seen }) {
    const { trainer } = this;
    if (seen) this.isSeen = true;
    if (number) this.number = number;
    if (load) trainer.load(load);
    if (change) trainer.change(change);
    for (let n = 0; n < steps; n += 1) trainer.step();
    for (let n = 0; n < epochs; n += 1) trainer.trainEpoch();
    if (load || change || steps || epochs) this.isDue = true;
    if (pace !== undefined) this.start(pace);
    this.show();
  }

  start(pace) {
    const wasOn = this.pace > 0;
    this.pace = pace;
    this.begun = { time: performance.now(), epoch: this.trainer.epoch };
    if (!wasOn && pace > 0) this.next();
  }

  /* Trains for a while, as far as the pace allows. */
  turn() {
    if (!this.pace) return;
    const { trainer } = this;
    const now = performance.now();
    const { time, epoch } = this.begun;
    const until = this.pace === Infinity ? Infinity : epoch + Math.floor(((now - time) * this.pace) / 1000);
    const before = trainer.steps;
    while (trainer.epoch < until && performance.now() < now + TURN) {
      for (let n = 0; n < CHECKED && trainer.epoch < until; n += 1) if (!trainer.step()) break;
      if (trainer.fault || !trainer.samples) break;
    }
    if (trainer.epoch < until) this.begun = { time: performance.now(), epoch: trainer.epoch }; // no more than it can
    if (trainer.steps > before || trainer.fault) this.isDue = true;
    if (trainer.fault) this.pace = 0;
    this.show();
    if (!this.pace) return;
    if (Number.isFinite(this.pace) && trainer.epoch >= until) setTimeout(() => this.next(), Math.min(1000 / this.pace, 10));
    else this.next();
  }

  show() {
    if (!this.isDue || !this.isSeen) return;
    this.isDue = false;
    this.isSeen = false;
    this.post({ ...this.trainer.snapshot, number: this.number, pace: this.pace });
  }
}
