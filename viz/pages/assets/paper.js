/* The picture of a graph on paper: all of it, whatever the camera shows on the screen. */
import { setClass } from "./dom.js";
import { stripsOf } from "./strips.js";

const EDGE = 4; // units around the picture
const UPRIGHT = 516; // points across a sheet of A4 between its margins
const LYING = 712; // across one of Letter in landscape format, which is shorter than one of A4
const HEIGHTS = { whole: 425, upright: 640, lying: 440 }; // points: of a whole picture, and of a strip
const LEAST_SCALE = 0.6; // points for each unit, so that the text of a picture, of 12 units, has more than 7 points

/* Prepares the picture for paper: all of it, or strips of it if its text would be too small. */
function printPicture(diagram) {
  const picture = diagram.scene.ownerSVGElement;
  const [width, height] = diagram.layout.size.map((length) => length + 2 * EDGE);
  const isLandscape = width > Math.max(height, UPRIGHT);
  const across = isLandscape ? LYING : UPRIGHT;
  setClass(document.body, "landscape", isLandscape);
  if (Math.min(across / width, HEIGHTS.whole / height) < LEAST_SCALE) {
    picture.after(...stripsOf(diagram, [across, isLandscape ? HEIGHTS.lying : HEIGHTS.upright], LEAST_SCALE));
    picture.style.display = "none";
    setClass(document.body, "in-strips", true);
    return;
  }
  picture.setAttribute("viewBox", `${-EDGE} ${-EDGE} ${width} ${height}`);
  picture.style.maxWidth = `${width}pt`; // a small graph is not blown up
}

function restorePicture(diagram) {
  const picture = diagram.scene.ownerSVGElement;
  for (const strip of document.querySelectorAll(".strip")) strip.remove();
  setClass(document.body, "in-strips", false);
  picture.removeAttribute("viewBox");
  picture.style.maxWidth = "";
  picture.style.display = "";
  diagram.camera.apply();
}

let prints = false; // whether the page is being laid out for paper

export const isPrinting = () => prints;

/* Prepares the picture whenever the page is printed. */
export function printOnPaper(diagram) {
  window.addEventListener("beforeprint", () => {
    prints = true;
    printPicture(diagram);
  });
  window.addEventListener("afterprint", () => {
    prints = false;
    restorePicture(diagram);
  });
}
