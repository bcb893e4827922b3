/** Bodies of Text Embeddings Inference's `POST /similarity`. */
import { z } from "zod";
import { oneText, textList } from "../embedding-input.ts";
import { expected } from "../expected.ts";
import { promptName, servedModel, truncationShape } from "./fields.ts";

export const sentencesRequestSchema = z.object({
  inputs: z.object(
    {
      source_sentence: oneText("inputs.source_sentence", "What the sentences are compared with."),
      sentences: textList("inputs.sentences", "The sentences: a score each."),
    },
    { error: expected("inputs to be an object with source_sentence and sentences") },
  ),
  parameters: z
    .object(
      { ...truncationShape, prompt_name: promptName },
      { error: expected("parameters to be an object") },
    )
    .nullish(),
  model: servedModel,
});

/** The sentences' cosines with the source sentence. */
export const sentencesResponseSchema = z.array(z.number());
