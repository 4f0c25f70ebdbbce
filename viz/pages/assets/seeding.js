/* The numbers that a seed gives to the leaves of an exercise, as viz/exercises/seeding.py draws them. */
import { Generator } from "./random.js";

/* The first numbers of which `gradeOf` says that all answers are "friendly"; if there are none, the first that are
   "finite"; null if none are. In the second half of the attempts, leaves keep the signs that they had at first. */
export function drawnNumbers(seed, { numbers, attempts, signs }, gradeOf) {
  const generator = new Generator(seed);
  let finite = null;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const drawn = signs.map(() => numbers[Math.floor(generator.random() * numbers.length)]);
    const given = 2 * attempt < attempts ? drawn : drawn.map((number, n) => signs[n] * Math.abs(number));
    const grade = gradeOf(given);
    if (grade === "friendly") return given;
    if (grade === "finite") finite ??= given;
  }
  return finite;
}

/* The grade of answers, if all numbers of the graph are finite. */
export function gradeOfAnswers(answers, { least, most, zero }) {
  const isFriendly = (size) => size <= zero || (size >= least && size < most);
  return answers.every((answer) => isFriendly(Math.abs(answer))) ? "friendly" : "finite";
}
