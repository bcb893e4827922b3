/** Every limit of nearvec, with its unit in its name and the reason for it. */

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;

/** Bytes of a JSON request body: OpenAI's 300k tokens a request, with room for escapes. */
export const maxBodyBytes = 8 * mebibyte;

/** Inputs in one embeddings request: OpenAI's own limit. */
export const maxInputsPerRequest = 2048;

/** UTF-16 units of one input text: 1 MiB in UTF-8 at the very least, megabytes at most. */
export const maxCharactersPerInput = mebibyte;

/** Token ids in one input. */
export const maxTokenIdsPerInput = 65_536;

/** Tokens pooled per text unless the caller says otherwise: model2vec's default. */
export const defaultMaxLengthTokens = 512;

/** Bytes of a model file's JSON header: real ones are under 4 KiB. */
export const maxArtifactHeaderBytes = mebibyte;

/** Bytes of a model file outside a Worker: WebAssembly memory ends at 4 GiB. */
export const maxArtifactBytes = 3 * 1024 * mebibyte;

/** Rows of a table: an entry of the compiled vocabulary has 23 bits for the id. */
export const maxRows = 2 ** 23;

/** Bytes that a byte of text may become in a normalizer: real ones reach 11, and scratch memory is made for it. */
export const maxTextExpansion = 64;

/** Dimensions of a table: far above any sentence transformer. */
export const maxDimensions = 16_384;

/** Bytes of resident models in one isolate: a 128 MB isolate less the runtime and the requests in flight. */
export const modelMemoryBudgetBytes = 96 * mebibyte;

/** Bytes that a resident model takes beside its file: the kernel's own tables, its stack and the text at hand. */
export const modelOverheadBytes = 4 * mebibyte;

/** Bytes of a model file that a worker can serve: the whole budget for this one model. */
export const maxArtifactBytesInWorker = modelMemoryBudgetBytes - modelOverheadBytes;

/** Bytes asked of R2 at a time: larger chunks read no faster, smaller ones slower. */
export const r2ChunkBytes = 2 * mebibyte;

/** Seconds for which a model's pointer is believed: a new upload is served everywhere after this long. */
export const pointerTtlSeconds = 30;

/** Seconds without a byte from R2 after which a waiting request starts the load anew. */
export const loadStallSeconds = 10;

/** Seconds for which a file that could not be loaded is not tried again. */
export const brokenModelSeconds = 10;

/** Seconds after which a caller should try again when storage or memory is not to be had. */
export const retryAfterSeconds = 5;
