/** How Cohere answers a mistake. */
import { z } from "zod";

export const cohereErrorSchema = z
  .object({
    /** Of the request, also in the header x-request-id. */
    id: z.string(),
    message: z.string(),
  })
  .meta({ id: "CohereError" });

export type CohereError = z.infer<typeof cohereErrorSchema>;
