/** Bodies of Text Embeddings Inference's `POST /rerank`. */
import { z } from "zod";
import { oneText, textList } from "../embedding-input.ts";
import { flag } from "../request-fields.ts";
import { servedModel, truncationShape } from "./fields.ts";

export const rankRequestSchema = z.object({
  query: oneText("query", "What the texts are compared with."),
  texts: textList("texts", "The texts: a score each."),
  ...truncationShape,
  raw_scores: flag(
    "raw_scores",
    "Whether scores are cosines from -1 to 1; if not, negative ones count as 0, and all are from 0 to 1.",
  ),
  return_text: flag("return_text", "Whether the texts come back with their scores."),
  model: servedModel,
});

/** Best first. */
export const rankResponseSchema = z.array(
  z.object({ index: z.int(), text: z.string().optional(), score: z.number() }),
);

export type RankResponse = z.infer<typeof rankResponseSchema>;
