/* Python in a worker: it starts, runs one task after another, and can be stopped, which starts another. */
import { tr } from "./words.js";

export class Interpreter {
  /* `listener` has the methods `onLoaded(bytes)`, `onReady()`, `onMessage(message)` for what a task yields,
     `onDone(ok, seconds)`, and `onFailed(text)` if Python cannot start, or has broken. */
  constructor(listener) {
    this.listener = listener;
    this.task = null;
    this.isReady = false;
    this.start();
  }

  get isBusy() {
    return this.task !== null;
  }

  start() {
    this.isReady = false;
    const worker = new Worker("worker.js", { type: "module" }); // Pyodide runs in no other kind;
    this.worker = worker;
    worker.addEventListener("message", ({ data }) => {
      if (worker === this.worker) this.receive(data); // a worker that was stopped may have sent more
    });
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      if (worker === this.worker) this.fail(event.message ?? tr`worker.js cannot be loaded`);
    });
  }

  /* Runs a task, once Python has started. */
  run(task) {
    this.task = task;
    if (this.isReady) this.begin();
  }

  begin() {
    this.began = performance.now();
    this.worker.postMessage(this.task, []);
  }

  /* Drops the task; if it runs already, only the end of its worker ends it. */
  stop() {
    this.task = null;
    if (!this.isReady) return;
    this.worker.terminate();
    this.start();
  }

  receive(message) {
    if (message.kind === "loaded") this.listener.onLoaded(message.bytes);
    else if (message.kind === "failed") this.fail(message.text);
    else if (message.kind === "ready") {
      this.isReady = true;
      this.listener.onReady();
      if (this.task) this.begin();
    } else if (message.kind === "done") {
      this.task = null;
      this.listener.onDone(message.ok, (performance.now() - this.began) / 1000);
    } else this.listener.onMessage(message);
  }

  /* Python that has broken is replaced; if it never started, another would not either. */
  fail(text) {
    const wasReady = this.isReady;
    this.task = null;
    this.worker.terminate();
    this.listener.onFailed(text, wasReady);
    if (wasReady) this.start();
  }
}
