/* The numbers that a seed gives to the leaves of an exercise, as viz/exercises/seeding.py draws them. */
import { Generator } from "./random.js";

/* The first numbers for which `unfriendly` counts the fewest answers and local derivatives; null if it is infinite for
   all. In the second half of the attempts, leaves keep the signs that they had at first. */
export function drawnNumbers(seed, { numbers, attempts, signs }, unfriendly) {
  const generator = new Generator(seed);
  let [best, fewest] = [null, Infinity];
  for (let attempt = 0; attempt < attempts && fewest > 0; attempt += 1) {
    const drawn = signs.map(() => numbers[Math.floor(generator.random() * numbers.length)]);
    const given = 2 * attempt < attempts ? drawn : drawn.map((number, n) => signs[n] * Math.abs(number));
    const count = unfriendly(given);
    if (count < fewest) [best, fewest] = [given, count];
  }
  return best;
}
