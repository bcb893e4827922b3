/** Bodies of `POST /embed` and `POST /embed_all`. */
import { z } from "zod";
import { embeddingInput } from "../embedding-input.ts";
import { dimensionsField, flag } from "../request-fields.ts";
import { promptName, servedModel, truncationShape } from "./fields.ts";

export const embedRequestSchema = z.object({
  inputs: embeddingInput("inputs"),
  normalize: flag("normalize", "Whether vectors get length 1; true if not given."),
  ...truncationShape,
  dimensions: dimensionsField(),
  prompt_name: promptName,
  model: servedModel,
});

/** A vector per input. */
export const embedResponseSchema = z.array(z.array(z.number()));

export const embedAllRequestSchema = z.object({
  inputs: embeddingInput("inputs"),
  ...truncationShape,
  prompt_name: promptName,
  model: servedModel,
});

/** A vector per token of each input. */
export const embedAllResponseSchema = z.array(z.array(z.array(z.number())));
