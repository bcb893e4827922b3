/** Body of Text Embeddings Inference's `GET /info`. */
import { z } from "zod";

export const infoSchema = z.object({
  model_id: z.string(),
  /** SHA-256 of the model file. */
  model_sha: z.string(),
  /** How the table's rows are stored. */
  model_dtype: z.string(),
  served_model_name: z.string(),
  model_type: z.object({ embedding: z.object({ pooling: z.string() }) }),
  /** An isolate answers one request after the other; the platform starts as many isolates as are needed. */
  max_concurrent_requests: z.int(),
  max_input_length: z.int(),
  max_batch_tokens: z.int(),
  max_batch_requests: z.int().nullable(),
  max_client_batch_size: z.int(),
  auto_truncate: z.boolean(),
  tokenization_workers: z.int(),
  /** Of nearvec. */
  version: z.string(),
  sha: z.string().nullable(),
  docker_label: z.string().nullable(),
});

export type Info = z.infer<typeof infoSchema>;
