/* Finding room for a label: near a point, but not over what must stay visible. */

/* The area that two rectangles have in common. */
export const overlap = (a, b) =>
  Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) *
  Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));

/* The left and top at which a label of a size, [width, height], covers no obstacle and is nearest to where it is wanted;
   if there is no room, where it covers least, which is the `covered` area. Obstacles and `bounds` are rectangles
   {left, top, right, bottom}; an obstacle may have a weight, by which its area counts. */
export function placeOf([width, height], wanted, obstacles, bounds) {
  const inside = (at, low, high) => Math.max(low, Math.min(at, high));
  const lefts = [wanted.left, ...obstacles.flatMap(({ left, right }) => [left - width, right])];
  const tops = [wanted.top, ...obstacles.flatMap(({ top, bottom }) => [top - height, bottom])];
  let best = null;
  for (const anyLeft of lefts) {
    const left = inside(anyLeft, bounds.left, bounds.right - width);
    for (const anyTop of tops) {
      const top = inside(anyTop, bounds.top, bounds.bottom - height);
      const distance = Math.hypot(left - wanted.left, top - wanted.top);
      if (best?.covered === 0 && distance >= best.distance) continue;
      const place = { left, top, right: left + width, bottom: top + height };
      let covered = 0;
      for (const obstacle of obstacles) {
        covered += (obstacle.weight ?? 1) * overlap(place, obstacle);
        if (best !== null && covered > best.covered) break;
      }
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
