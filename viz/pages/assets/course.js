/* The course of both passes: for each position, the layout that is shown, the nodes to look at, and the view of them. */
import { backward, forward, graph, nodes } from "./graph.js";
import { placesOf } from "./places.js";
import { runsOf, viewShowing } from "./views.js";

/* The nodes to look at, as sets of which the first that fits must be visible: both ends of each edge in use, then fewer
   ends, the operation or the receiver last. Before the first step, they are those that it will be about. */
function nodesAt(position) {
  if (position > forward.length) {
    const { node, operand, slot } = backward[position - forward.length - 1];
    return slot === null ? [[node]] : [[node, operand], [operand]];
  }
  const step = forward[Math.max(position, 1) - 1];
  if (!step) return []; // a single leaf
  const { operands } = nodes[step.node];
  return [operands, ...operands.map((operand) => [operand]), []].map((some) => some.concat(step.node));
}

export class Course {
  constructor(camera) {
    this.camera = camera;
    this.stretches = []; // of positions with the same layout: { layout, from, to, plan }; a plan, the runs of
    // steps that share a view, is made when it is needed
    this.kept = null; // a node that stays visible, and the position at which it was chosen
  }

  /* Takes the layouts of all positions. */
  plan(layouts) {
    this.stretches = [];
    layouts.forEach((layout, at) => {
      if (layout !== layouts[at - 1]) this.stretches.push({ layout, from: at, to: at, plan: null });
      this.stretches.at(-1).to = at;
    });
  }

  /* Keeps a node visible, null for none: at this position whatever happens, at others where the step leaves room. */
  keep(node, position) {
    if ((this.kept?.node ?? null) === node) return;
    this.kept = node === null ? null : { node, position };
    this.forget();
  }

  /* After the canvas has another size. */
  forget() {
    for (const stretch of this.stretches) stretch.plan = null;
  }

  /* The layouts, in the order of the positions. */
  get layouts() {
    return this.stretches.map(({ layout }) => layout);
  }

  /* The layout at a position. */
  layoutAt(position) {
    return this.stretchAt(position).layout;
  }

  stretchAt(position) {
    return this.stretches.find(({ to }) => position <= to);
  }

  /* The number of different views from the first position to the last. */
  get numberOfViews() {
    return this.stretches.reduce((sum, stretch) => sum + this.planOf(stretch).length, 0);
  }

  /* Where to look at a position: sets of nodes of which the first that fits must be visible, or the last, and the view
     that shows it, null if all of the picture is legible. */
  lookAt(position) {
    const stretch = this.stretchAt(position);
    let left = position - stretch.from;
    const run = this.planOf(stretch).find(({ steps }) => (left -= steps) < 0);
    return { focus: this.focusAt(position), view: run.isWhole ? null : this.viewOfRun(run, stretch.layout) };
  }

  /* Views take time to find: a run gets its own when it is shown. */
  viewOfRun(run, layout) {
    const { size, readableScale } = this.camera;
    const boxes = [...placesOf(layout, graph.folds).regions.values()];
    run.view ??= viewShowing(run.region, boxes, layout.size, size, readableScale);
    return run.view;
  }

  planOf(stretch) {
    stretch.plan ??= this.makePlan(stretch);
    return stretch.plan;
  }

  makePlan({ layout, from, to }) {
    const { camera } = this;
    const number = to - from + 1;
    if (camera.shows(layout.size)) return [{ steps: number, isWhole: true }];
    const places = placesOf(layout, graph.folds);
    const steps = Array.from({ length: number }, (_, at) =>
      this.focusAt(from + at).map((some) => places.regionOf(some)).filter(Boolean),
    );
    return runsOf(steps, camera.size, camera.readableScale);
  }

  focusAt(position) {
    const step = nodesAt(position);
    if (!this.kept) return step;
    const { node } = this.kept;
    const both = step.map((some) => [...some, node]);
    return position === this.kept.position ? [...both, [node]] : [...both, ...step];
  }
}
