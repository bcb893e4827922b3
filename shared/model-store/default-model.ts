/** The model in the worker's own bundle, and which model answers a request that names none. */

/**
 * Name of the model that the worker carries in its bundle, models/nano.safetensors.
 *
 * A request for it never reaches the bucket, so no other model can be served under this name.
 */
export const bundledModelName = "nano";

/**
 * The model that answers a request that names none: the one that DEFAULT_MODEL says, which has to be in the
 * bucket; the bundled one where DEFAULT_MODEL says nothing or there is no bucket.
 *
 * Whether the bucket holds the model makes no difference. Vectors of two models cannot be compared, so a
 * bucket that lost its model, or does not answer, is an error, and no reason to answer with another one.
 *
 * @param setting DEFAULT_MODEL, undefined or empty if it is not set.
 */
export function defaultModelName(setting: string | undefined, hasBucket: boolean, bundled: string): string {
  return setting && hasBucket ? setting : bundled;
}
