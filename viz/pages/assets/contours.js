/* The lines where the numbers of a grid are zero. */

const HALVINGS = 5; // of an edge of a cell: to 1/32 of it, less than a pixel

/* The edges between the centres of cells on which the sign of the numbers changes, and the pieces of the lines, each as the
   numbers of the two edges between which it lies. An edge starts at a centre, and leads to the right or up. */
function crossed(numbers, cells) {
  const edges = [];
  const numberOf = new Map(); // by the start of an edge
  const edgeFrom = (start, isUp) => {
    const [a, b] = [numbers[start], numbers[start + (isUp ? cells : 1)]];
    if (a > 0 === b > 0 || !Number.isFinite(a / (a - b))) return [];
    const key = 2 * start + Number(isUp);
    if (!numberOf.has(key)) {
      numberOf.set(key, edges.length);
      edges.push({ x: start % cells, y: Math.floor(start / cells), isUp, isPositive: a > 0 });
    }
    return numberOf.get(key);
  };
  const pieces = [];
  for (let row = 0; row + 1 < cells; row += 1) {
    for (let column = 0; column + 1 < cells; column += 1) {
      const corner = row * cells + column;
      const above = corner + cells;
      const positive = (numbers[corner] > 0) + (numbers[corner + 1] > 0) + (numbers[above] > 0) + (numbers[above + 1] > 0);
      if (positive === 0 || positive === 4) continue;
      const around = [edgeFrom(corner, false), edgeFrom(corner + 1, true), edgeFrom(above, false), edgeFrom(corner, true)];
      const ends = around.flat();
      for (let n = 0; n + 1 < ends.length; n += 2) pieces.push([ends[n], ends[n + 1]]);
    }
  }
  return { edges, pieces };
}

/* Where on each edge the number is zero, found by halving all of them at once. */
function crossings(edges, at) {
  const [near, far] = [new Float64Array(edges.length), new Float64Array(edges.length).fill(1)];
  const middles = () => {
    const shares = near.map((share, n) => (share + far[n]) / 2);
    const along = (isAxis, from) => shares.map((share, n) => edges[n][from] + (edges[n].isUp === isAxis ? share : 0));
    return { shares, x: along(false, "x"), y: along(true, "y") };
  };
  for (let halving = 0; halving < HALVINGS; halving += 1) {
    const { shares, x, y } = middles();
    at(x, y).forEach((number, n) => {
      (number > 0 === edges[n].isPositive ? near : far)[n] = shares[n];
    });
  }
  return middles();
}

/* The path of these lines, in cells from the lower left corner of the grid: straight pieces, one for each cell crossed.

   `numbers` are at the centres of cells x cells cells, row by row; `at(x, y)` is the numbers at some points, in cells from
   the first centre. They are asked for, because a model that jumps within a cell is far from a straight line there. */
export function contourPath(numbers, cells, at) {
  const { edges, pieces } = crossed(numbers, cells);
  if (!pieces.length) return "";
  const { x, y } = crossings(edges, at);
  const round = (cell) => Math.round(100 * (cell + 0.5)) / 100;
  const points = edges.map((_, n) => `${round(x[n])} ${round(y[n])}`);
  return pieces.map(([from, to]) => `M${points[from]}L${points[to]}`).join("");
}
