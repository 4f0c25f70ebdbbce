/* Counts in words. */
import { tr } from "./words.js";

const WORDS = {
  operation: (count) => tr`${count} operation`,
  operations: (count) => tr`${count} operations`,
  parameter: (count) => tr`${count} parameter`,
  parameters: (count) => tr`${count} parameters`,
  input: (count) => tr`${count} input`,
  inputs: (count) => tr`${count} inputs`,
};

/* So many operations, parameters or inputs; `kind` is the singular. */
export const countOf = (count, kind) => WORDS[count === 1 ? kind : `${kind}s`](count.toLocaleString("en"));

/* The counts of a fold, such as "3 inputs", in the language of the page. */
export function contentsInWords({ contents }) {
  return contents.map((text) => {
    const [count, kind] = text.split(" ");
    return WORDS[kind](count);
  });
}
