/* Which modules are opened: going from one of the layouts that the page has to another. */
import { element, made } from "./dom.js";
import { graph, nodes } from "./graph.js";
import { currentStep } from "./steps.js";

/* A module and those that hold it, outermost first; of -1, what is in no module, none. */
function holdersOf(module) {
  return module < 0 ? [] : [...holdersOf(graph.modules[module].holder), module];
}

/* In how many modules a layout differs from a set of opened ones. */
function difference(layout, modules) {
  const common = layout.opened.filter((module) => modules.has(module)).length;
  return layout.opened.length + modules.size - 2 * common;
}

function titleOf(layout) {
  if (layout.opened.length === graph.modules.length) return "everything";
  if (layout.opened.length === 0) return "all folded";
  const chains = layout.opened.map(holdersOf).toSorted((a, b) => b.length - a.length);
  const [deepest] = chains;
  if (layout.opened.every((module) => deepest.includes(module))) return `${graph.modules[deepest.at(-1)].path} opened`;
  return `opened ${deepest.length} deep`;
}

export class Folding {
  /* `changed` is called when the viewer has opened or folded something. */
  constructor(diagram, changed) {
    this.diagram = diagram;
    this.changed = changed;
    this.followsSteps = true; // until the viewer folds or opens something
    const options = graph.layouts.map((layout, number) =>
      made("option", { value: String(number), textContent: titleOf(layout) }),
    );
    element("layout").append(...options);
    element("folding").hidden = options.length < 2;
    element("layout").addEventListener("change", (event) => this.byViewer(graph.layouts[event.target.value]));
    this.show(graph.layouts[0]);
  }

  get opened() {
    return new Set(this.diagram.layout.opened);
  }

  show(layout) {
    this.diagram.show(layout);
    element("layout").value = String(graph.layouts.indexOf(layout));
  }

  /* Shows the layout that opens most and can still be read as a whole. */
  showReadable() {
    const byDetail = graph.layouts.toSorted((a, b) => b.opened.length - a.opened.length);
    this.show(byDetail.find(({ size }) => this.diagram.camera.shows(size)) ?? byDetail.at(-1));
  }

  byViewer(layout) {
    this.followsSteps = false;
    if (layout) this.show(layout);
    this.changed();
  }

  open(module) {
    const modules = this.opened.add(module);
    this.byViewer(this.nearest(modules, (layout) => layout.opened.includes(module)));
  }

  close(module) {
    const outside = [...this.opened].filter((other) => !holdersOf(other).includes(module));
    this.byViewer(this.nearest(new Set(outside), (layout) => !layout.opened.includes(module)));
  }

  /* The layout that comes nearest to having just these modules opened, among those that are as `fits` says. */
  nearest(modules, fits) {
    const near = (best, layout) => (difference(layout, modules) < difference(best, modules) ? layout : best);
    const fitting = graph.layouts.filter(fits).toSorted((a, b) => a.opened.length - b.opened.length);
    return fitting.length ? fitting.reduce(near) : null;
  }

  /* Opens the part of the model in which the current step happens. */
  followStep() {
    const step = currentStep();
    if (!step || !this.followsSteps || this.diagram.boxOf.get(step.node) >= 0) return;
    const holders = holdersOf(nodes[step.node].module);
    const layout = this.nearest(new Set(holders), ({ opened }) => opened.includes(holders.at(-1)));
    if (layout) this.show(layout);
  }
}
