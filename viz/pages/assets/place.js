/* Finding room for a label: near a point, but not over what must stay visible. */

const overlap = (a, b) =>
  Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) *
  Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));

/* The left and top at which a label of a size, [width, height], covers no obstacle and is nearest to where it is wanted;
   if there is no room, where it covers least. Obstacles and `bounds` are rectangles {left, top, right, bottom}. */
export function placeOf([width, height], wanted, obstacles, bounds) {
  const inside = (at, low, high) => Math.max(low, Math.min(at, high));
  const lefts = [wanted.left, ...obstacles.flatMap(({ left, right }) => [left - width, right])];
  const tops = [wanted.top, ...obstacles.flatMap(({ top, bottom }) => [top - height, bottom])];
  let best = null;
  for (const anyLeft of lefts) {
    const left = inside(anyLeft, bounds.left, bounds.right - width);
    for (const anyTop of tops) {
      const top = inside(anyTop, bounds.top, bounds.bottom - height);
      const place = { left, top, right: left + width, bottom: top + height };
      const covered = obstacles.reduce((sum, obstacle) => sum + overlap(place, obstacle), 0);
      const distance = Math.hypot(left - wanted.left, top - wanted.top);
      if (best === null || covered < best.covered || (covered === best.covered && distance < best.distance)) {
        best = { left, top, covered, distance };
      }
    }
  }
  return best;
}

/* A rectangle with some more room around it. */
export function widened({ left, top, right, bottom }, room) {
  return { left: left - room, top: top - room, right: right + room, bottom: bottom + room };
}
