/* Whether an answer of the reader is right, and which mistake a wrong one is likely to come from. viz/exercises/judging.py
   judges alike, and explains the mistakes. */

const TOLERANCE = 0.01; // of the right number: the page shows numbers with four digits
const ZERO = 1e-9; // what rounding errors of a float leave where the exact number is 0

export const isRight = (answer, truth) =>
  answer === truth ||
  (Number.isFinite(truth) && Math.abs(answer - truth) <= Math.max(TOLERANCE * Math.abs(truth), ZERO));

/* "sign", "large" or "small" for a wrong answer. */
export function deviationOf(answer, truth) {
  if (answer * truth < 0) return "sign";
  return Math.abs(answer) > Math.abs(truth) ? "large" : "small";
}

/* The mistake in an answer; "" if it is right. `truth` is the right number, `value` that of its node; for a gradient,
   `contributions` are those of the uses of the node, and `locals` their local derivatives. */
export function mistakeIn(answer, { truth, value, contributions, locals }) {
  if (Number.isNaN(answer)) return "nan";
  if (isRight(answer, truth)) return "";
  if (isRight(answer, -truth)) return "sign";
  const isAny = (numbers) => numbers.some((number) => isRight(answer, number));
  if (contributions.length > 1 && isAny(contributions)) return "one use";
  if (locals.length && isAny([...locals, locals.reduce((sum, local) => sum + local, 0)])) return "local";
  if (contributions.length && isRight(answer, value)) return "value";
  return deviationOf(answer, truth);
}
