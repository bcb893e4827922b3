/** Which algorithm a tokenizer.json is for. */
import { NearvecError } from "../errors.ts";
import type { TokenizerJson } from "./tokenizer-json.ts";

/**
 * The type of the model. Files of old versions have none; only WordPiece has the field that tells it then.
 * @throws NearvecError tokenizer_unsupported if there is no model
 */
export function modelType({ model }: TokenizerJson): string | undefined {
  if (model === null || typeof model !== "object")
    throw new NearvecError("tokenizer_unsupported", "Expected a model in tokenizer.json, got none.", {
      param: "tokenizer.json",
    });
  return model.type ?? ("max_input_chars_per_word" in model ? "WordPiece" : undefined);
}
