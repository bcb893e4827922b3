/** Bodies of Text Embeddings Inference's `POST /tokenize` and `POST /decode`. */
import { z } from "zod";
import { textInput, tokenIds } from "../embedding-input.ts";
import { flag } from "../request-fields.ts";
import { promptName, servedModel } from "./fields.ts";

export const tokenizeRequestSchema = z.object({
  inputs: textInput("inputs", "The text, or a list of texts."),
  add_special_tokens: flag(
    "add_special_tokens",
    "Makes no difference: static models are pooled without special tokens.",
  ),
  prompt_name: promptName,
  model: servedModel,
});

export const tokenizeResponseSchema = z.array(
  z.array(
    z.object({
      id: z.int(),
      /** The token as the vocabulary has it, `##` and `▁` included. */
      text: z.string(),
      /** Always false: no special tokens are added. */
      special: z.boolean(),
      /** Always null: the kernel does not keep where in the text a token was. */
      start: z.int().nullable(),
      stop: z.int().nullable(),
    }),
  ),
);

export const decodeRequestSchema = z.object({
  ids: tokenIds("ids", "The token ids of a text, or a list of such arrays."),
  skip_special_tokens: flag(
    "skip_special_tokens",
    "Whether the unknown token and other special ones are left out; true if not given.",
  ),
  model: servedModel,
});

/** A text for each array of ids. */
export const decodeResponseSchema = z.array(z.string());

export type TokenizeResponse = z.infer<typeof tokenizeResponseSchema>;
