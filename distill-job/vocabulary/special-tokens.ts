/** The tokens that a tokenizer puts before and after every text: `[CLS]` and `[SEP]` in BERT. */
import { NearvecError } from "../../shared/errors.ts";

/** Token strings, in order. */
export interface SurroundingTokens {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

interface TemplatePiece {
  readonly SpecialToken?: { readonly id: string };
}

interface PostProcessorJson {
  readonly type?: string;
  readonly single?: readonly TemplatePiece[];
  readonly special_tokens?: Readonly<Record<string, { readonly tokens: readonly string[] }>>;
  readonly cls?: readonly [string, number];
  readonly sep?: readonly [string, number];
}

/**
 * Reads the post-processor of a tokenizer.json as skeletoken 0.6 does (`post_processors.py`,
 * `get_bos_token_from_post_processor`): of a template only the first and the last piece count, and a
 * sequence of post-processors counts for nothing.
 *
 * @throws NearvecError tokenizer_unsupported for a post-processor of an unknown type
 */
export function surroundingTokens(postProcessor: unknown): SurroundingTokens {
  if (postProcessor === null || postProcessor === undefined) return { before: [], after: [] };
  const json = postProcessor as PostProcessorJson;
  switch (json.type) {
    case "ByteLevel":
    case "Sequence":
      return { before: [], after: [] };
    case "BertProcessing":
    case "RobertaProcessing":
      if (json.cls === undefined || json.sep === undefined) throw malformed(json.type, "cls and sep");
      return { before: [json.cls[0]], after: [json.sep[0]] };
    case "TemplateProcessing":
      return fromTemplate(json);
    default:
      throw new NearvecError(
        "tokenizer_unsupported",
        `Expected a post_processor of type TemplateProcessing, BertProcessing, RobertaProcessing, ByteLevel or Sequence, got ${JSON.stringify(json.type)}. Save tokenizer.json again with a current version of the tokenizers library.`,
        { param: "tokenizer.json" },
      );
  }
}

function fromTemplate({ single, special_tokens: specials }: PostProcessorJson): SurroundingTokens {
  if (!Array.isArray(single)) throw malformed("TemplateProcessing", "single");
  const tokensOf = (piece: TemplatePiece | undefined): readonly string[] => {
    const id = piece?.SpecialToken?.id;
    return id === undefined ? [] : (specials?.[id]?.tokens ?? []);
  };
  return { before: tokensOf(single[0]), after: tokensOf(single.at(-1)) };
}

function malformed(type: string, part: string): NearvecError {
  return new NearvecError(
    "tokenizer_unsupported",
    `Expected ${part} in the post_processor ${type} of tokenizer.json, there is none. Download tokenizer.json again.`,
    { param: "tokenizer.json" },
  );
}
