/** How every route answers a mistake: OpenAI's nested error object. */
import { z } from "zod";

export const errorResponseSchema = z
  .object({
    error: z.object({
      /** What was expected, what came, what to do. */
      message: z.string(),
      /** Whose mistake it is: `invalid_request_error` is the caller's, `server_error` ours. */
      type: z.enum(["invalid_request_error", "server_error"]),
      /** The field that the error is about, e.g. `input[3]`. */
      param: z.string().nullable(),
      /** A stable name to program against: one of the codes in shared/errors.ts. */
      code: z.string(),
    }),
  })
  .meta({ id: "OpenAiError" });

export type ErrorResponse = z.infer<typeof errorResponseSchema>;
