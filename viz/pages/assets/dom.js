/* Creating and changing elements. Text is always set as text, so that no label can become markup. */

const SVG = "http://www.w3.org/2000/svg";

export const byId = (id) => document.getElementById(id);

/* Creates an HTML element with properties and children. */
export function html(tag, properties = {}, ...children) {
  const { dataset, ...others } = properties;
  const created = Object.assign(document.createElement(tag), others);
  Object.assign(created.dataset, dataset);
  created.append(...children);
  return created;
}

/* Creates an SVG element with attributes and children. */
export function svg(tag, attributes = {}, ...children) {
  const created = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) created.setAttribute(name, value);
  created.append(...children);
  return created;
}

// These write only changes: a page of 2,000 nodes has too many texts to lay out again at every step.

/* The text of an element that has no other children. A text node is kept: to replace it costs ten times as much. */
export function setText(target, text) {
  const { firstChild } = target;
  if (firstChild?.nodeType !== Node.TEXT_NODE || firstChild.nextSibling) target.textContent = text;
  else if (firstChild.data !== text) firstChild.data = text;
}

export function setClass(target, name, on) {
  if (target.classList.contains(name) !== on) target.classList.toggle(name, on);
}

export function setAttribute(target, name, value) {
  if (value === undefined) target.removeAttribute(name);
  else if (target.getAttribute(name) !== value) target.setAttribute(name, value);
}

/* Scrolls a list, but nothing around it, so that one of its lines is whole, with those before and after it if there is
   room, and so that the first visible line is whole. Sizes are asked for once, after everything else has changed. */
export function scrollToLine(list, line) {
  const room = list.clientHeight;
  const endOf = (other) => other.offsetTop + other.offsetHeight;
  const { previousElementSibling: before, nextElementSibling: after } = line;
  const least = endOf(after ?? line) - line.offsetTop;
  const { scrollTop } = list;
  const isVisible = (before ?? line).offsetTop >= scrollTop - 1 && endOf(after ?? line) <= scrollTop + room + 1;
  if (isVisible && isAligned(list, line)) return;
  let start = line;
  while (start.previousElementSibling) {
    const earlier = start.previousElementSibling;
    const shown = line.offsetTop - earlier.offsetTop;
    if (shown + least > room || (start !== line && shown > room / 3)) break;
    start = earlier;
  }
  const most = list.scrollHeight - room;
  while (start.offsetTop > most && start.previousElementSibling) start = start.previousElementSibling;
  list.scrollTop = start.previousElementSibling ? start.offsetTop : 0;
}

/* Whether a list is scrolled to the start of one of its lines; `line` is one that is visible. */
function isAligned({ scrollTop }, line) {
  let first = line;
  while (first.previousElementSibling?.offsetTop >= scrollTop - 1) first = first.previousElementSibling;
  return scrollTop === 0 || first.offsetTop - scrollTop <= 1;
}
