/* Numbers as text, with four significant digits, as in the library's pictures, or with all. A whole number ends in ".0" if
   it is exact. */

/* A number as far as its text shows it. */
export const rounded = (x) => Number(x.toPrecision(4));

/* The parts of a number: whether it is negative, its digits, and its power of ten, or null if it is written out. */
export function piecesOf(x) {
  const negative = x < 0;
  if (!Number.isFinite(x)) return { negative, digits: Number.isNaN(x) ? "nan" : "inf", power: null };
  const [digits, power] = Math.abs(x).toExponential(3).split("e").map(Number);
  if (x !== 0 && (power < -4 || power >= 4)) return { negative, digits: String(digits), power };
  const text = String(Number(Math.abs(x).toPrecision(4)));
  const isWhole = Number.isInteger(x);
  return { negative, digits: isWhole ? `${text}.0` : text, power: null };
}

const signed = (negative, text) => (negative ? `−${text}` : text);

export function showNumber(x) {
  const { negative, digits, power } = piecesOf(x);
  return signed(negative, digits) + (power === null ? "" : `e${signed(power < 0, Math.abs(power))}`);
}

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/* A whole number as an exponent. */
export const superscript = (n) => String(n).replace("-", "⁻").replace(/\d/g, (digit) => RAISED[digit]);

/* Code as text for readers: with a minus sign instead of a hyphen, a dot for a product, and small powers raised. */
export function typeset(code) {
  const raised = code.replace(/ \*\* (\d)(?:\.0)?(?![\w.])/g, (_, digit) => RAISED[digit]);
  return raised.replaceAll("-", "−").replaceAll(" * ", " · ");
}

/* A number in at most five characters, for labels in a network; six if it has an exponent of three digits. */
export function brief(x) {
  if (!Number.isFinite(x)) return showNumber(x);
  if (Math.abs(x) >= 9999.5) return typeset(x.toExponential(0).replace("e+", "e"));
  const text = x.toFixed(Math.abs(x) < 9.995 ? 2 : Math.abs(x) < 99.95 ? 1 : 0);
  return Number(text) === 0 ? "0.00" : typeset(text);
}

/* A number with all its digits. */
export function showExactly(x) {
  if (!Number.isFinite(x)) return showNumber(x);
  return typeset(Object.is(x, -0) ? "-0.0" : String(x).replace("e+", "e"));
}
