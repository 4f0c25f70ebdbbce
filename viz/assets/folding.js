/* Which modules are opened: going from one of the layouts that the page has to another. */
import { element, made } from "./dom.js";
import { graph, nodes } from "./graph.js";
import { currentStep } from "./steps.js";

const isInside = (path, outer) => path === outer || path.startsWith(`${outer}.`);

/* In how many modules a layout differs from a set of opened ones. */
function difference(layout, modules) {
  const common = layout.opened.filter((module) => modules.has(module)).length;
  return layout.opened.length + modules.size - 2 * common;
}

function titleOf(layout) {
  if (layout.opened.length === graph.modules.length) return "everything";
  if (layout.opened.length === 0) return "all folded";
  const paths = layout.opened.map((module) => graph.modules[module].path);
  const deepest = paths.reduce((a, b) => (b.length > a.length ? b : a));
  if (paths.every((path) => isInside(deepest, path))) return `${deepest} opened`;
  return `opened ${Math.max(...paths.map((path) => path.split(".").length))} deep`;
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
    const { path } = graph.modules[module];
    const outside = [...this.opened].filter((other) => !isInside(graph.modules[other].path, path));
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
    const { scope } = nodes[step.node];
    const holders = graph.modules.flatMap(({ path }, module) => (isInside(scope, path) ? [module] : []));
    const layout = this.nearest(new Set(holders), ({ opened }) => opened.includes(holders.at(-1)));
    if (layout) this.show(layout);
  }
}
