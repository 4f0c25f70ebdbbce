/* Where the label of an edge stands: on its edge, but over no other edge, no box and no title. */
import { placeOf, widened } from "./place.js";

const SPACING = 3; // points along an edge between samples
const MOST_PLACES = 120; // that are tried along an edge
const TO_ENDS = 8; // points from an arrowhead
const NEAR = 160; // points around a label, within which it finds room if there is none on its edge

/* Points along a Bézier curve, which is given by its numbers. */
export function pointsAlong(numbers) {
  const points = [];
  for (let n = 0; n + 7 < numbers.length; n += 6) {
    const [a, b, c, d, e, f, g, h] = numbers.slice(n, n + 8);
    const length = Math.hypot(c - a, d - b) + Math.hypot(e - c, f - d) + Math.hypot(g - e, h - f);
    const count = Math.ceil(length / SPACING) || 1;
    for (let step = n ? 1 : 0; step <= count; step += 1) {
      const t = step / count;
      const [p, q, r, s] = [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t ** 2 * (1 - t), t ** 3];
      points.push([p * a + q * c + r * e + s * g, p * b + q * d + r * f + s * h]);
    }
  }
  return points;
}

const meets = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
const contains = ({ left, top, right, bottom }, [x, y]) => x > left && x < right && y > top && y < bottom;

/* The rectangle of a curve's points and control points, which contains the curve. */
function hullOf(numbers) {
  const hull = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (let n = 0; n < numbers.length; n += 2) {
    hull.left = Math.min(hull.left, numbers[n]);
    hull.right = Math.max(hull.right, numbers[n]);
    hull.top = Math.min(hull.top, numbers[n + 1]);
    hull.bottom = Math.max(hull.bottom, numbers[n + 1]);
  }
  return hull;
}

/* Places along an edge from its middle to its ends, but for the arrowheads. */
function placesAlong(points) {
  const far = ([x, y], [u, v]) => Math.hypot(x - u, y - v) > TO_ENDS;
  const middle = (points.length - 1) / 2;
  const inner = points.map((point, n) => ({ point, off: Math.abs(n - middle) }));
  const free = inner.filter(({ point }) => far(point, points[0]) && far(point, points.at(-1)));
  const sorted = (free.length ? free : inner).toSorted((a, b) => a.off - b.off);
  const every = Math.ceil(sorted.length / MOST_PLACES);
  return sorted.filter((_, n) => n % every === 0).map(({ point }) => point);
}

/* The left and top of a label of a size, [width, height], on an edge: centred on it and free of all others, as near to its
   middle as possible; where there is no such place, beside it and over no box.

   `edge` and `others` are the numbers of Bézier curves; `taken` are rectangles {left, top, right, bottom}, and so are
   the `bounds`. */
export function placeOnEdge([width, height], edge, others, taken, bounds) {
  const points = pointsAlong(edge);
  const around = widened(hullOf(edge), Math.max(width, height));
  const boxes = taken.filter((box) => meets(box, around)).map((box) => widened(box, 1));
  const lines = others.filter((other) => meets(hullOf(other), around)).flatMap(pointsAlong);
  const near = lines.filter((point) => contains(around, point));
  const at = ([x, y]) => ({ left: x - width / 2, top: y - height / 2, right: x + width / 2, bottom: y + height / 2 });
  const places = placesAlong(points).map(at).filter((place) => !boxes.some((box) => meets(place, box)));
  let best = null;
  for (const place of places) {
    const plate = widened(place, 1);
    const crossed = near.filter((point) => contains(plate, point)).length;
    if (best === null || crossed < best.crossed) best = { ...place, crossed };
    if (crossed === 0) break;
  }
  return best ?? placeNear([width, height], points[points.length >> 1], taken, bounds);
}

/* The left and top of a label near a point, but over no box. */
export function placeNear([width, height], [x, y], taken, bounds) {
  const wanted = { left: x - width / 2, top: y - height - 5 };
  const isNear = (box) => meets(box, { left: x - NEAR, top: y - NEAR, right: x + NEAR, bottom: y + NEAR });
  const obstacles = taken.filter(isNear).map((box) => widened(box, 1));
  return placeOf([width, height], wanted, obstacles, bounds);
}
