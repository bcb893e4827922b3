/** What is on screen as code to copy, in three languages. */

export interface CodeSample {
  readonly curl: string;
  readonly typescript: string;
  readonly python: string;
}

export type CodeLanguage = keyof CodeSample;

/** Where code is to send its requests, and whether the worker has asked for a key. */
export interface CodeTarget {
  readonly base: string;
  readonly keyed: boolean;
}

/** The variable that code takes the key from: the key itself is not shown. */
export const keyVariable = "NEARVEC_KEY";
