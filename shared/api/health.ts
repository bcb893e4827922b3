/** Body of `GET /health`: the default model is loaded, and this is what the isolate holds. */
import { z } from "zod";

export const healthSchema = z.object({
  status: z.literal("ok"),
  /** The model that answers a request that names none. */
  default_model: z.string(),
  /** Models resident in the isolate that answered. */
  models: z.array(
    z.object({
      id: z.string(),
      sha256: z.string(),
      /** Whether it came out of the worker's own bundle, not out of the bucket. */
      bundled: z.boolean(),
      dimensions: z.int(),
      /** Bytes of its WebAssembly memory. */
      resident_bytes: z.int(),
    }),
  ),
  memory: z.object({ used_bytes: z.int(), budget_bytes: z.int() }),
});

export type Health = z.infer<typeof healthSchema>;
