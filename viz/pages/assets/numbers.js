/* Numbers as text. */

/* A number with four significant digits, as in the library's pictures. */
export function showNumber(x) {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "nan" : x > 0 ? "inf" : "−inf";
  if (x === 0) return "0.0";
  const exponent = Number(x.toExponential(3).split("e")[1]);
  const sign = x < 0 ? "−" : "";
  if (exponent < -4 || exponent >= 4) {
    const [digits, power] = Math.abs(x).toExponential(3).split("e");
    return `${sign}${String(Number(digits))}e${power.replace("+", "").replace("-", "−")}`;
  }
  const text = String(Number(Math.abs(x).toPrecision(4)));
  return sign + (text.includes(".") ? text : `${text}.0`);
}
