/* The lines where the numbers of a grid are zero. */

const HALVINGS = 5; // of an edge of a cell: to 1/32 of it, less than a pixel

/* Where between two points the number is zero, as a share of the way; `at(share)` is the number there. */
function crossing(a, at) {
  let [near, far] = [0, 1];
  for (let n = 0; n < HALVINGS; n += 1) {
    const middle = (near + far) / 2;
    if (at(middle) > 0 === a > 0) near = middle;
    else far = middle;
  }
  return (near + far) / 2;
}

/* The path of these lines, in cells from the lower left corner of the grid: straight pieces, one for each cell crossed.

   `numbers` are at the centres of cells x cells cells, row by row; `at(x, y)` is the number at a point, in cells from the
   first centre. It is asked for, because a model that jumps within a cell is far from a straight line there. */
export function contourPath(numbers, cells, at) {
  let path = "";
  const point = (x, y) => `${Math.round(100 * (x + 0.5)) / 100} ${Math.round(100 * (y + 0.5)) / 100}`;
  const ends = [];
  const cross = (a, b, x, y, dx, dy) => {
    if (a > 0 === b > 0) return;
    if (!Number.isFinite(a / (a - b))) return;
    const share = crossing(a, (part) => at(x + part * dx, y + part * dy));
    ends.push(point(x + share * dx, y + share * dy));
  };
  for (let row = 0; row + 1 < cells; row += 1) {
    for (let column = 0; column + 1 < cells; column += 1) {
      const corner = row * cells + column;
      const [a, b, c, d] = [0, 1, cells + 1, cells].map((shift) => numbers[corner + shift]);
      const positive = (a > 0) + (b > 0) + (c > 0) + (d > 0);
      if (positive === 0 || positive === 4) continue;
      ends.length = 0;
      cross(a, b, column, row, 1, 0);
      cross(b, c, column + 1, row, 0, 1);
      cross(d, c, column, row + 1, 1, 0);
      cross(a, d, column, row, 0, 1);
      for (let n = 0; n + 1 < ends.length; n += 2) path += `M${ends[n]}L${ends[n + 1]}`;
    }
  }
  return path;
}
