/** Texts of others on a terminal: nothing in them may move the cursor or change colours. */

/** Control characters of Unicode's C0 and C1, line ends and tabs included. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controls = /[\u0000-\u001f\u007f-\u009f]/g;

/** The text in one line, with as many UTF-16 units as before: places in it stay where they were. */
export function printableText(text: string): string {
  return text.replace(controls, " ");
}
