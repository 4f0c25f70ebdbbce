/* Numbers as colours: from the palette's negative over the background, for a number in the middle, to its positive. */
import { html } from "./dom.js";

const SHADES = 255; // on each side of the middle

/* A colour of the palette as red, green and blue. */
export function colourOf(name) {
  const hex = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
}

export const mixed = (a, b, share) => a.map((channel, n) => channel + share * (b[n] - channel));

/* Colours as pixels of a canvas. */
export function pixelsOf(colours) {
  return new Uint32Array(Uint8ClampedArray.from(colours.flatMap((colour) => [...colour, 255])).buffer);
}

/* The pixels for numbers from -1 to 1 at even distances; `strength` is the share of colour at the ends. */
export function shadesOf(strength) {
  const [below, ground, above] = ["negative", "background", "positive"].map(colourOf);
  const shade = (_, n) => {
    const share = (n - SHADES) / SHADES;
    return mixed(ground, share > 0 ? above : below, strength * Math.abs(share));
  };
  return pixelsOf(Array.from({ length: 2 * SHADES + 1 }, shade));
}

/* The pixel for a number that is `middle` where there is no colour, and `reach` away from it where colours are full. */
export function shadeAt(shades, x, middle, reach) {
  const share = Math.min(1, Math.max(-1, (x - middle) / reach)) || 0; // 0 for nan
  return shades[Math.round(SHADES * share) + SHADES];
}

/* Calls `act` whenever the colours of the palette change, as they do on paper, which is light. */
export function onColours(act) {
  for (const query of ["(prefers-color-scheme: dark)", "print"]) matchMedia(query).addEventListener("change", act);
}

/* A canvas of pixels, whose row 0 is at the bottom. */
export class Raster {
  constructor(cells) {
    this.cells = cells;
    this.canvas = html("canvas", { width: cells, height: cells });
    this.canvas.setAttribute("aria-hidden", "true");
    this.context = this.canvas.getContext("2d");
    this.image = this.context.createImageData(cells, cells);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }

  place(left, top, width, height) {
    Object.assign(this.canvas.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
  }

  /* Fills it; `pixelAt(column, row)` is the pixel of a cell. */
  fill(pixelAt) {
    const { cells, pixels } = this;
    for (let row = 0; row < cells; row += 1) {
      const start = (cells - 1 - row) * cells;
      for (let column = 0; column < cells; column += 1) pixels[start + column] = pixelAt(column, row);
    }
    this.context.putImageData(this.image, 0, 0);
  }
}
