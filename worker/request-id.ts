/** Names for requests, which no two isolates share. */

/** Random bytes of an isolate's own, at the start of its names. */
const randomBytes = 12;
/** The least number of eight hexadecimal digits that begins with a one: all names are of one length. */
const firstNumber = 0x1000_0000;
/** Up to 30 bits V8 keeps a number without a heap. */
const mostNames = 0x3000_0000;

/**
 * Numbers the requests of an isolate. A random number for each would take as long as printing its vector.
 *
 * @example
 * ```ts
 * const ids = new RequestIds();
 * ids.next(); // "req_9f2c41d07be65a8813c0de7710000000"
 * ids.next(); // "req_9f2c41d07be65a8813c0de7710000001"
 * ```
 */
export class RequestIds {
  readonly #namesPerPrefix: number;
  #prefix = "";
  #number = 0;
  #end = 0;

  /** @param namesPerPrefix Names after which the random part is drawn anew. */
  constructor(namesPerPrefix = mostNames) {
    this.#namesPerPrefix = namesPerPrefix;
  }

  /** `req_` and 32 hexadecimal digits. No secret: it can be guessed from the one before. */
  next(): string {
    // Not in the constructor: Cloudflare has no random numbers outside of requests.
    if (this.#number === this.#end) {
      this.#prefix = `req_${hexadecimal(crypto.getRandomValues(new Uint8Array(randomBytes)))}`;
      this.#number = firstNumber;
      this.#end = firstNumber + this.#namesPerPrefix;
    }
    return this.#prefix + (this.#number++).toString(16);
  }
}

function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
