/** `current.json`: which file of a model is in force. The upload writes it, the worker reads it. */
import { z } from "zod";
import { NearvecError } from "../errors.ts";
import { isSha256 } from "./model-location.ts";

/** Unknown fields are kept out, so that a later version may add some. */
const modelPointerSchema = z.object({
  /** Digest of the file in force, which is also its name. */
  sha256: z.string().refine(isSha256, "64 lower-case hexadecimal digits"),
  /** Size of that file in bytes. */
  bytes: z.int().positive(),
  /** Digest of the file that was in force before, for whoever wants to roll back. */
  previous: z.string().refine(isSha256, "64 lower-case hexadecimal digits").nullable(),
});

export type ModelPointer = z.infer<typeof modelPointerSchema>;

/** Prints a pointer as the upload stores it. */
export function formatModelPointer(pointer: ModelPointer): string {
  return `${JSON.stringify(pointer)}\n`;
}

/**
 * Reads a pointer.
 *
 * @param text Content of `current.json`.
 * @param key Its key, for the error message.
 * @throws NearvecError `artifact_invalid` if it is not one.
 */
export function parseModelPointer(text: string, key: string): ModelPointer {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalidPointer(key, "it is not JSON", cause);
  }
  const result = modelPointerSchema.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw invalidPointer(key, `${issue?.path.join(".") || "it"}: ${issue?.message ?? "malformed"}`);
  }
  return result.data;
}

function invalidPointer(key: string, reason: string, cause?: unknown): NearvecError {
  return new NearvecError(
    "artifact_invalid",
    `Expected ${key} to be {"sha256", "bytes", "previous"}, but ${reason}. Upload the model again.`,
    { param: key, cause },
  );
}
