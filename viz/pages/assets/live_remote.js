/* The training in a worker, so that the page stays smooth; on the page itself where a worker cannot be made. */

const SERVE = `
const server = new TrainingServer((message) => postMessage(message));
addEventListener("message", ({ data }) => server.receive(data));
`;

export class Remote {
  /* `show(snapshot)` is called for each frame in which something has changed. */
  constructor(show) {
    this.show = show;
    this.number = 0; // of the last setting that was sent
    this.sent = []; // until the worker has answered
    this.isWorking = false;
    try {
      const programs = document.querySelector("script:not([type])").textContent;
      const address = URL.createObjectURL(new Blob([programs, SERVE], { type: "text/javascript" }));
      this.worker = new Worker(address);
      this.worker.addEventListener("message", ({ data }) => this.receive(data));
      this.worker.addEventListener("error", () => this.isWorking || this.stayHere());
    } catch {
      this.stayHere();
    }
  }

  /* Trains on the page. */
  stayHere() {
    this.worker = null;
    this.server = new TrainingServer((message) => setTimeout(() => this.receive(message)));
    for (const message of this.sent.splice(0)) this.server.receive(message);
  }

  /* Sends a message; see `TrainingServer`. */
  send(message) {
    if (message.load || message.change) this.number += 1;
    const numbered = { ...message, number: this.number };
    if (this.worker && !this.isWorking) this.sent.push(numbered);
    if (this.worker) this.worker.postMessage(numbered, []);
    else this.server.receive(numbered);
  }

  receive(snapshot) {
    this.isWorking = true;
    this.sent = [];
    requestAnimationFrame(() => {
      if (snapshot.number === this.number) this.show(snapshot); // otherwise it is of an earlier setting
      this.send({ seen: true });
    });
  }
}
