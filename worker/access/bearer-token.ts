/** Reads the key out of an Authorization header. */
import { apiKeyLength } from "../../shared/access/api-key.ts";
import { NearvecError } from "../../shared/errors.ts";

const prefix = "Bearer ";
const pattern = /^bearer +([\x21-\x2b\x2d-\x7e]+)$/i;
/** UTF-16 units of a header that are looked at: keys are much shorter. */
const maxHeaderCharacters = 512;

/**
 * @param header Several headers come joined by commas, and are no key.
 * @throws NearvecError `invalid_api_key`. The message repeats nothing of the header: half a key is a secret too.
 */
export function bearerToken(header: string): string {
  // What clients send all the time needs no pattern: whether it is a key, its comparison says.
  if (header.length === prefix.length + apiKeyLength && header.startsWith(prefix)) {
    return header.slice(prefix.length);
  }
  const token = header.length > maxHeaderCharacters ? undefined : pattern.exec(header)?.[1];
  if (token !== undefined) return token;
  throw new NearvecError(
    "invalid_api_key",
    `Expected one header Authorization: Bearer nv_…, got something else of ${header.length} characters.`,
  );
}
