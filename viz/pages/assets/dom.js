/* Making and changing elements. Text becomes text: nothing that a label says is ever markup. */

export const SVG = "http://www.w3.org/2000/svg";

export const element = (id) => document.getElementById(id);

/* An element of HTML with some properties and children. */
export function made(tag, properties = {}, ...children) {
  const { dataset, ...others } = properties;
  const result = Object.assign(document.createElement(tag), others);
  Object.assign(result.dataset, dataset);
  result.append(...children);
  return result;
}

/* An element of SVG. */
export function drawn(tag, attributes = {}, ...children) {
  const result = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) result.setAttribute(name, value);
  result.append(...children);
  return result;
}

// What is as it should be stays untouched: a page of 2,000 nodes has too many texts to lay out again at every step.

export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

export function setClass(target, name, on) {
  if (target.classList.contains(name) !== on) target.classList.toggle(name, on);
}

export function setAttribute(target, name, value) {
  if (value === undefined) target.removeAttribute(name);
  else if (target.getAttribute(name) !== value) target.setAttribute(name, value);
}

/* Scrolls a list, and nothing around it, so that one of its lines is seen. */
export function keepInSight(list, line) {
  const top = line.offsetTop;
  if (top < list.scrollTop + line.offsetHeight || top + 2 * line.offsetHeight > list.scrollTop + list.clientHeight) {
    list.scrollTop = top - list.clientHeight / 3;
  }
}
