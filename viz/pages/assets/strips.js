/* A picture that is too large to be read on one sheet of paper, cut into strips between its boxes. */
import { svg } from "./dom.js";

const STRIP_EDGE = 4; // units around a strip
const STRIP_LEAST = 1 / 3; // of the room, which a strip fills at least

/* Pieces [from, to] of a length, none longer than `most`, that cut none of some spans [from, to]. Where spans leave no place
   to cut, the next piece begins with those that the last one cuts, so that each is whole in one of them. */
function pieces(length, most, spans) {
  const found = [];
  let start = 0;
  while (length - start > most) {
    const cutBy = (at) => spans.filter(([from, to]) => from < at && to > at).map(([from]) => from);
    let end = start + most;
    while (cutBy(end).length) end = Math.min(...cutBy(end));
    const isFree = end > start + STRIP_LEAST * most;
    if (!isFree) end = start + most;
    found.push([start, end]);
    start = isFree ? end : Math.max(start + STRIP_LEAST * most, Math.min(...cutBy(end)));
  }
  return [...found, [start, length]];
}

/* The rows of a layout whose edges lead back from the end of each to the start of the next, as pieces [from, to] of its
   height; all of it for any other. `spans` are those of boxes and titles. */
function rowsOf({ size, arrows, frames }, spans) {
  const all = [...spans, ...frames.map(([, , y, , height]) => [y, y + height])].toSorted((a, b) => a[0] - b[0]);
  const leadsBack = arrows.some(([, , , numbers]) => numbers.at(-2) < numbers[0]);
  const rows = [];
  let bottom = -Infinity;
  for (const [from, to] of all) {
    if (!rows.length || (leadsBack && from > bottom)) rows.push([rows.length ? (from + bottom) / 2 : 0, size[1]]);
    if (rows.length > 1) rows.at(-2)[1] = rows.at(-1)[0];
    bottom = Math.max(bottom, to);
  }
  return rows;
}

const reachesInto = (element, { left, top, right, bottom }) => {
  const { x, y, width, height } = element.getBBox();
  return x < right && y < bottom && x + width > left && y + height > top;
};

/* A strip as a picture: the frames and edges that reach into it, and the boxes that are whole in it. */
function stripShape(diagram, [left, right], [top, bottom], scale) {
  const place = { left, top, right, bottom };
  const isWhole = ({ rectangle: [x, y, width, height] }) =>
    x >= left && y >= top && x + width <= right && y + height <= bottom;
  const boxes = [...diagram.boxes.values()].filter(isWhole).map(({ element }) => element);
  const lines = diagram.arrows.map(({ element }) => element).filter((element) => reachesInto(element, place));
  const frames = [...diagram.scene.querySelectorAll(".frame")].filter((element) => reachesInto(element, place));
  const [width, height] = [right - left + 2 * STRIP_EDGE, bottom - top + 2 * STRIP_EDGE];
  const copies = [...frames, ...lines, ...boxes].map((element) => element.cloneNode(true));
  const strip = svg("svg", { class: "strip", viewBox: `${left - STRIP_EDGE} ${top - STRIP_EDGE} ${width} ${height}` }, ...copies);
  strip.style.width = `${(width * scale).toFixed(1)}pt`;
  return strip;
}

/* The strips of a diagram, in reading order, at a scale in points for each unit, on paper of a size in points. */
export function stripsOf(diagram, [width, height], scale) {
  const [mostWidth, mostHeight] = [width, height].map((length) => length / scale - 2 * STRIP_EDGE);
  const across = diagram.taken.map(({ left, right }) => [left - STRIP_EDGE, right + STRIP_EDGE]);
  const down = diagram.taken.map(({ top, bottom }) => [top - STRIP_EDGE, bottom + STRIP_EDGE]);
  const { size } = diagram.layout;
  const rows = size[0] > mostWidth ? rowsOf(diagram.layout, down) : [[0, size[1]]];
  return rows.flatMap(([top, bottom]) => {
    const within = down.filter(([from, to]) => from >= top - STRIP_EDGE && to <= bottom + STRIP_EDGE);
    const shifted = within.map(([from, to]) => [from - top, to - top]);
    return pieces(bottom - top, mostHeight, shifted).flatMap(([from, to]) => {
      const vertical = [from + top, to + top];
      const near = across.filter((_, n) => down[n][0] < vertical[1] && down[n][1] > vertical[0]);
      const right = Math.max(...near.map(([, end]) => end));
      return pieces(Math.min(size[0], right), mostWidth, near).map((horizontal) =>
        stripShape(diagram, horizontal, vertical, scale),
      );
    });
  });
}
