/** Vectors as the worker sends them in base64. */
import { decodeFloatsFromBase64 } from "../../../../shared/api/base64.ts";

/** @throws Error if it is none: then it was not the worker that answered. */
export function readVector(embedding: unknown): Float32Array {
  const vector = typeof embedding === "string" ? decodeFloatsFromBase64(embedding) : null;
  if (vector === null)
    throw new Error("Expected a vector in base64, got something else. Load the page again.");
  return vector;
}
