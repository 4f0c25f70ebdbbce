/* Folding: which modules are open, and which of the page's layouts matches. */
import { byId, html } from "./dom.js";
import { graph, nodes } from "./graph.js";
import { placesOf } from "./places.js";
import { lastPosition, stepAt } from "./steps.js";
import { tr } from "./words.js";

/* A module and those that contain it, outermost first; none for -1, which means no module. */
function containersOf(module) {
  return module < 0 ? [] : [...containersOf(graph.modules[module].container), module];
}

/* The number of modules in which a layout differs from a set of open ones. */
function difference(layout, modules) {
  const common = layout.opened.filter((module) => modules.has(module)).length;
  return layout.opened.length + modules.size - 2 * common;
}

function titleOf(layout) {
  if (layout.opened.length === graph.modules.length) return tr`everything`;
  if (layout.opened.length === 0) return tr`all folded`;
  const chains = layout.opened.map(containersOf).toSorted((a, b) => b.length - a.length);
  const [deepest] = chains;
  if (layout.opened.every((module) => deepest.includes(module))) return tr`${graph.modules[deepest.at(-1)].path} open`;
  return deepest.length === 1 ? tr`1 level open` : tr`${deepest.length} levels open`;
}

export class Folding {
  /* `changed` is called after the viewer opens or folds something. */
  constructor(diagram, changed) {
    this.diagram = diagram;
    this.changed = changed;
    this.followsSteps = true; // until the viewer opens or folds something
    const inOrder = graph.layouts.toSorted((a, b) => a.opened.length - b.opened.length); // from all folded to everything
    const options = inOrder.map((layout) =>
      html("option", { value: String(graph.layouts.indexOf(layout)), textContent: titleOf(layout) }),
    );
    byId("layout").append(...options);
    byId("folding").hidden = options.length < 2;
    byId("layout").addEventListener("change", (event) => this.byViewer(graph.layouts[event.target.value]));
    this.base = graph.layouts[0]; // the layout at the start, as long as layouts follow the steps
    this.show(this.base);
  }

  get opened() {
    return new Set(this.diagram.layout.opened);
  }

  show(layout) {
    if (layout === this.diagram.layout) return;
    this.diagram.show(layout);
    byId("layout").value = String(graph.layouts.indexOf(layout));
  }

  /* The most detailed layout that is entirely legible; if none is, the least detailed. */
  readable() {
    const byDetail = graph.layouts.toSorted((a, b) => b.opened.length - a.opened.length);
    return byDetail.find(({ size }) => this.diagram.camera.shows(size)) ?? byDetail.at(-1);
  }

  chooseReadable() {
    this.base = this.readable();
  }

  showReadable() {
    this.chooseReadable();
    this.show(this.base);
  }

  /* The layout at each position. One that follows the steps stays until it has no box for the operation of a step. */
  get course() {
    let layout = this.followsSteps ? this.base : this.diagram.layout;
    return Array.from({ length: lastPosition + 1 }, (_, at) => {
      if (this.followsSteps) layout = this.layoutFor(stepAt(at), layout);
      return layout;
    });
  }

  byViewer(layout) {
    this.followsSteps = false;
    if (layout) this.show(layout);
    this.changed();
  }

  /* The layout that the viewer chose, by its number as text; null while the layout follows the steps. */
  get choice() {
    return this.followsSteps ? null : String(graph.layouts.indexOf(this.diagram.layout));
  }

  /* Restores such a choice; returns false if there is no such layout. */
  restore(choice) {
    const layout = graph.layouts[choice ?? 0];
    if (!layout || (choice !== null && !/^[0-9]+$/.test(choice))) return false;
    this.followsSteps = choice === null;
    if (choice === null) this.showReadable();
    else this.show(layout);
    this.changed();
    return true;
  }

  open(module) {
    const modules = this.opened.add(module);
    this.byViewer(this.nearest(modules, (layout) => layout.opened.includes(module)));
  }

  close(module) {
    const outside = [...this.opened].filter((other) => !containersOf(other).includes(module));
    this.byViewer(this.nearest(new Set(outside), (layout) => !layout.opened.includes(module)));
  }

  /* Among the layouts for which `fits` is true, the one whose open modules are closest to `modules`. */
  nearest(modules, fits) {
    const nearer = (best, layout) => (difference(layout, modules) < difference(best, modules) ? layout : best);
    const fitting = graph.layouts.filter(fits).toSorted((a, b) => a.opened.length - b.opened.length);
    return fitting.length ? fitting.reduce(nearer) : null;
  }

  /* The layout itself if it has a box for the operation of a step, else the one that opens the modules around it. */
  layoutFor(step, layout) {
    if (!step || placesOf(layout, graph.folds).boxOf.get(step.node) >= 0) return layout;
    const containers = containersOf(nodes[step.node].module);
    return this.nearest(new Set(containers), ({ opened }) => opened.includes(containers.at(-1))) ?? layout;
  }
}
