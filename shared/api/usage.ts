/** What a request took, as OpenAI counts it. */
import { z } from "zod";

export const usageSchema = z.object({
  /** Tokens that were pooled: unknown ones and those beyond the model's maximum length do not count. */
  prompt_tokens: z.int(),
  total_tokens: z.int(),
});
