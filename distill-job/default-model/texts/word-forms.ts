/** Forms of English words. */
import nlp from "compromise";

export interface VerbForms {
  readonly infinitive: string;
  readonly present: string;
  readonly past: string;
  readonly gerund: string;
}

/** @returns undefined for what is not read as a verb */
export function verbForms(verb: string): VerbForms | undefined {
  const [found] = nlp(`they ${verb}`).verbs().conjugate() as Record<string, string>[];
  if (found === undefined) return undefined;
  const { Infinitive, PresentTense, PastTense, Gerund } = found;
  if (Infinitive !== verb || !PresentTense || !PastTense || !Gerund?.endsWith("ing")) return undefined;
  return { infinitive: verb, present: PresentTense, past: PastTense, gerund: Gerund };
}

/** "a dog", "an umbrella": by the first letter, which is right often enough. */
export function withArticle(words: string): string {
  return `${/^[aeiou]/i.test(words) ? "an" : "a"} ${words}`;
}
