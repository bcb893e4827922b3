/** What a shell's completion script asks: `nearvec complete -- words...`. */

/** It is no command for people, so no help names it. */
export const completeCommandName = "complete";

/** The words so far, the last of which is to go on; null for any other command line. */
export function wordsToComplete(args: readonly string[]): readonly string[] | null {
  return args[0] === completeCommandName && args[1] === "--" ? args.slice(2) : null;
}
