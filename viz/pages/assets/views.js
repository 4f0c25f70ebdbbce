/* Views of a picture that is too large to be read whole: one for each run of consecutive steps. A step is shown in the
   same view however it was reached, and the picture stays still while steps fit in one view. */

const CLEARANCE = 8; // pixels between a box and the edge of a view

/* The region around some regions, each {left, top, right, bottom}. */
export function around(regions) {
  return {
    left: Math.min(...regions.map(({ left }) => left)),
    top: Math.min(...regions.map(({ top }) => top)),
    right: Math.max(...regions.map(({ right }) => right)),
    bottom: Math.max(...regions.map(({ bottom }) => bottom)),
  };
}

/* The runs of consecutive steps that share a view, each { region, steps }: the region around theirs, and their number.

   steps: for each step, the regions of which the first that fits must be visible, or the last.
   size: that of the canvas, [width, height] in pixels.
   scale: the least at which the picture is legible. */
export function runsOf(steps, size, scale) {
  const [width, height] = size.map((pixels) => (pixels - 2 * CLEARANCE) / scale);
  const fits = ({ left, top, right, bottom }) => right - left <= width && bottom - top <= height;
  const runs = [];
  for (const regions of steps) {
    const wanted = regions.find(fits) ?? regions.at(-1);
    const run = runs.at(-1);
    const shared = run?.region && wanted ? around([run.region, wanted]) : (wanted ?? run?.region);
    if (run && (!wanted || !run.region || fits(shared))) {
      run.region = shared;
      run.steps += 1;
    } else runs.push({ region: wanted, steps: 1 });
  }
  return runs;
}

/* The view {scale, x, y} that shows a region and whose edges cut the fewest boxes; of several, the one with the region in
   its middle. `length` is the size of the picture. */
export function viewShowing(region, boxes, length, size, scale) {
  const extent = size.map((pixels) => pixels / scale);
  const gap = CLEARANCE / scale;
  const [left, top, right, bottom] = region
    ? [region.left, region.top, region.right, region.bottom]
    : [0, 0, ...length];
  const near = boxes.filter(
    (box) =>
      box.right > right - extent[0] && box.left < left + extent[0] && box.bottom > bottom - extent[1] && box.top < top + extent[1],
  );
  const starts = [
    startsOf([left, right], near.map((box) => [box.left, box.right]), length[0], extent[0], gap),
    startsOf([top, bottom], near.map((box) => [box.top, box.bottom]), length[1], extent[1], gap),
  ];
  let best = null;
  for (const x of starts[0]) {
    for (const y of starts[1]) {
      const cuts = near.filter((box) => isCut(box, x, y, x + extent[0], y + extent[1])).length;
      const distance = Math.abs(x - starts[0][0]) + Math.abs(y - starts[1][0]);
      if (best === null || cuts < best.cuts || (cuts === best.cuts && distance < best.distance)) {
        best = { cuts, distance, x, y };
      }
    }
  }
  return { scale, x: -best.x * scale, y: -best.y * scale };
}

/* Where a view may start along one axis so that it shows what lies from `start` to `end`: with that in its middle, and
   with one of its edges next to a box. */
function startsOf([start, end], boxes, length, extent, gap) {
  if (length + 2 * gap <= extent) return [(length - extent) / 2]; // all of the picture
  const least = Math.max(end + gap - extent, -gap);
  const most = Math.min(start - gap, length + gap - extent);
  if (least > most) return [start - gap]; // it does not fit
  const inside = (at) => Math.min(most, Math.max(least, at));
  const edges = boxes.flatMap(([low, high]) => [low - gap, high + gap]);
  const candidates = edges.flatMap((at) => [at, at - extent]).filter((at) => at > least && at < most);
  return [inside((start + end - extent) / 2), least, most, ...new Set(candidates)];
}

function isCut({ left, top, right, bottom }, west, north, east, south) {
  const isVisible = right > west && left < east && bottom > north && top < south;
  return isVisible && (left < west || right > east || top < north || bottom > south);
}
