/** From paths on the command line to the texts that are trained on. */
import { NearvecError } from "../../shared/errors.ts";
import { decontaminate } from "./decontaminate.ts";
import { deduplicate } from "./deduplicate.ts";
import { mix } from "./mix.ts";
import { readTexts } from "./read-texts.ts";
import { withSentences } from "./sentences.ts";

/** A file or folder of texts. */
export interface CorpusChoice {
  readonly path: string;
  /** Share of the mixture in relation to other corpora; undefined takes all texts. */
  readonly weight?: number | undefined;
}

export interface CorpusOptions {
  /** Fields or columns to read; `textFields` if not given. */
  readonly fields?: readonly string[] | undefined;
  /** Files or folders of texts that must not be trained on, nor anything like them. */
  readonly exclude?: readonly string[] | undefined;
  /** Whether texts of several sentences stand for their sentences, too. */
  readonly sentences?: boolean | undefined;
  readonly maxTexts?: number | undefined;
  readonly seed: number;
}

export interface Corpus {
  readonly texts: readonly string[];
  /** Texts left out as copies, or near copies, of others of the same corpus. */
  readonly duplicates: number;
  /** Texts left out for what they share with texts to exclude. */
  readonly excluded: number;
}

/** @throws NearvecError not_found, invalid_request */
export async function loadCorpus(choices: readonly CorpusChoice[], options: CorpusOptions): Promise<Corpus> {
  const forbidden: string[] = [];
  for (const path of options.exclude ?? []) forbidden.push(...(await readTexts(path, options.fields)));
  let duplicates = 0;
  let excluded = 0;
  const corpora = [];
  for (const { path, weight } of choices) {
    const texts = await readTexts(path, options.fields);
    const unique = deduplicate(options.sentences ? texts.flatMap(withSentences) : texts);
    const clean = decontaminate(unique.texts, forbidden);
    duplicates += unique.exact + unique.near;
    excluded += clean.removed;
    corpora.push({ texts: clean.texts, weight });
  }
  const texts = mix(corpora, options.seed, options.maxTexts);
  if (texts.length === 0) {
    throw new NearvecError(
      "invalid_request",
      `Expected texts in ${choices.map(({ path }) => path).join(", ")}, there are none. One per line of a .txt, for example.`,
      { param: "corpus" },
    );
  }
  return { texts, duplicates, excluded };
}
