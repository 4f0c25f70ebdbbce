/* The words of the page in its language. Their table is a global of the page, absent in English. */

const translated = globalThis.translations ?? {};

/* A template literal in the language of the page. Its key in the table is the English text, with {0}, {1}, ... for the
   values, which must be simple expressions: language.py reads the keys from the source. */
export function tr(parts, ...values) {
  const english = parts.reduce((text, part, number) => `${text}{${number - 1}}${part}`);
  return (translated[english] ?? english).replace(/\{(\d)\}/g, (_, number) => values[number]);
}
