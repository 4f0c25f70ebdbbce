/* The graph of the current step as a file: SVG or PNG, with all of its styles. */
import { svg } from "./dom.js";

const INHERITED = [
  "fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "stroke-linecap", "paint-order",
  "font-family", "font-size", "font-weight", "text-anchor", "visibility",
];
const BORDER = 12; // units around the picture
const SHARPNESS = 2; // pixels for each unit
const MOST_PIXELS = 8000; // along a side: browsers limit the size of a canvas

const pixel = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

/* Writes a color in rgb, and its opacity apart: other programs know neither the color spaces of browsers nor rgba. */
function setColor(element, property, value) {
  if (!/^(?:color|lab|lch|oklab|oklch|rgba)\(/.test(value)) return element.setAttribute(property, value);
  pixel.clearRect(0, 0, 1, 1);
  pixel.fillStyle = value;
  pixel.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = pixel.getImageData(0, 0, 1, 1).data;
  element.setAttribute(property, alpha ? `rgb(${red}, ${green}, ${blue})` : "none");
  if (alpha < 255) element.setAttribute(`${property}-opacity`, (alpha / 255).toFixed(3));
}

/* A copy of an element in which the styles of the page are attributes, unless they are those of the element around it;
   null if it is not displayed. */
function styled(element, outer = null) {
  const style = getComputedStyle(element);
  if (style.display === "none") return null;
  const copy = element.cloneNode(false);
  for (const name of ["style", "class", "role", "tabindex"]) copy.removeAttribute(name);
  if (style.opacity !== "1") copy.setAttribute("opacity", style.opacity);
  for (const property of INHERITED) {
    const value = style.getPropertyValue(property);
    if (value !== outer?.getPropertyValue(property)) setColor(copy, property, value);
  }
  for (const child of element.childNodes) {
    const copied = child.nodeType === Node.TEXT_NODE ? child.cloneNode() : styled(child, style);
    if (copied) copy.append(copied);
  }
  return copy;
}

/* The whole picture of a diagram as an SVG element that needs no style sheet. */
export function pictureOf(diagram, title) {
  const [width, height] = diagram.layout.size.map((length) => length + 2 * BORDER);
  const picture = svg("svg", { viewBox: `${-BORDER} ${-BORDER} ${width} ${height}`, width, height });
  const name = svg("title");
  name.textContent = title;
  const background = getComputedStyle(document.documentElement).getPropertyValue("--background");
  picture.append(name, svg("rect", { x: -BORDER, y: -BORDER, width, height, fill: background }), styled(diagram.scene));
  return picture;
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

const textOf = (picture) => new XMLSerializer().serializeToString(picture);

export function saveSvg(picture, name) {
  save(new Blob([textOf(picture)], { type: "image/svg+xml" }), `${name}.svg`);
}

export async function savePng(picture, name) {
  const { width, height } = picture.viewBox.baseVal;
  const scale = Math.min(SHARPNESS, MOST_PIXELS / Math.max(width, height));
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(textOf(picture))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.ceil(width * scale), Math.ceil(height * scale)];
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => save(blob, `${name}.png`));
}
