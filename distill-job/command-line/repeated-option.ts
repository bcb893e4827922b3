/** Options that may be given several times. */

/** Adds a value to those before it: a parser for commander. */
export function repeated(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}
