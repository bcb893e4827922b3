/**
 * Where a model lives in its bucket.
 *
 * `models/<name>/<sha256>.safetensors` never changes once written; `models/<name>/current.json` names the one
 * in force. Uploading writes the first and then moves the second, so a reader never sees half a model.
 */

/** What every key of every model begins with. */
export const modelsPrefix = "models/";

const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const sha256Pattern = /^[0-9a-f]{64}$/;
const pointerKeyPattern = /^models\/([A-Za-z0-9][A-Za-z0-9._-]{0,127})\/current\.json$/;

/** Whether a model may have this name: letters, digits, `.`, `_`, `-`; at most 128; no leading punctuation. */
export function isModelName(name: string): boolean {
  return namePattern.test(name);
}

/** Whether the text is a SHA-256 digest in lower-case hexadecimal. */
export function isSha256(text: string): boolean {
  return sha256Pattern.test(text);
}

/** Key of the immutable model file with this digest. */
export function artifactKey(name: string, sha256: string): string {
  return `${modelsPrefix}${name}/${sha256}.safetensors`;
}

/** Key of the pointer to the model file in force. */
export function pointerKey(name: string): string {
  return `${modelsPrefix}${name}/current.json`;
}

/** The model's name if the key is that of a pointer, else undefined. */
export function nameOfPointerKey(key: string): string | undefined {
  return pointerKeyPattern.exec(key)?.[1];
}
