/** Metaspace, the pre-tokenizer of SentencePiece's models: spaces become a character that tokens can have. */
import { type PrependScheme, prependSchemes } from "../artifact/model-metadata.ts";
import { NearvecError } from "../errors.ts";
import type { PartJson } from "./tokenizer-json.ts";

/** What a pre-tokenizer comes to. */
export interface Metaspace {
  /** The character that stands for a space. */
  readonly replacement: string;
  readonly prependScheme: PrependScheme;
  /** Whether every space begins a piece that is tokenized by itself. */
  readonly splitAtSpaces: boolean;
  /** Whether white space parts words before spaces are prepended to each of them. */
  readonly splitAtWhitespace: boolean;
}

/**
 * Takes a pre_tokenizer apart: Metaspace, by itself or behind WhitespaceSplit.
 * @throws NearvecError tokenizer_unsupported, naming what it is instead
 */
export function metaspaceOf(json: PartJson | null | undefined): Metaspace {
  const parts = json?.type === "Sequence" ? ((json.pretokenizers ?? []) as PartJson[]) : json ? [json] : [];
  const types = parts.map(({ type }) => type).join(", ");
  const metaspace = parts.at(-1);
  const splitAtWhitespace = types === "WhitespaceSplit, Metaspace";
  if (metaspace === undefined || (types !== "Metaspace" && !splitAtWhitespace)) {
    throw unsupported(`pre_tokenizer Metaspace, or WhitespaceSplit and Metaspace, got ${types || "none"}`);
  }
  // Old files say add_prefix_space where new ones have a scheme.
  const declared = metaspace.add_prefix_space === false ? "never" : (metaspace.prepend_scheme ?? "always");
  const prependScheme = prependSchemes.find((scheme) => scheme === declared);
  if (prependScheme === undefined)
    throw unsupported(`Metaspace with a known prepend_scheme, got ${declared}`);
  const splitAtSpaces = metaspace.split !== false;
  if (splitAtWhitespace && (prependScheme !== "always" || !splitAtSpaces)) {
    throw unsupported("Metaspace behind WhitespaceSplit to split and to prepend always, got other options");
  }
  return { replacement: String(metaspace.replacement), prependScheme, splitAtSpaces, splitAtWhitespace };
}

function unsupported(expected: string): NearvecError {
  return new NearvecError(
    "tokenizer_unsupported",
    `Expected ${expected}. Other Unigram tokenizers are not supported yet.`,
    { param: "tokenizer.json" },
  );
}
