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

/** Numbers in an answer with a vector for every token: some 10 MB of JSON. */
export const maxSequenceNumbers = 2 ** 20;

/** Pairs of texts in one table of similarities: 8 million multiplications at 256 dimensions. */
export const maxSimilarityPairs = 2 ** 15;

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

/** Models whose pointers one request may read: the free plan has 50 subrequests. */
export const maxModelsDescribed = 40;

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

/** Documents of a segment: their int8 rows are 4 MiB, and a merge of them fits the Durable Object's memory. */
export const maxDocumentsPerSegment = 16_384;

/** Bytes of a KV value: Cloudflare's own limit. */
export const maxKvValueBytes = 25 * mebibyte;

/** UTF-8 bytes of a document's id: it is part of no key, but of every answer. */
export const maxDocumentIdBytes = 512;

/** UTF-16 units of a document's text: with metadata and rows it must fit a 2 MB row of the Durable Object. */
export const maxDocumentCharacters = 256 * 1024;

/** UTF-8 bytes of a document's metadata as JSON. */
export const maxMetadataBytes = 16 * 1024;

/** Levels of objects and arrays in metadata. */
export const maxMetadataDepth = 8;

/** Declared fields of a collection. */
export const maxFields = 32;

/** Levels of `$and`, `$or` and `$not` in a filter. */
export const maxFilterDepth = 8;

/** Conditions in a filter, and values of one `$in`. */
export const maxFilterConditions = 256;

/** UTF-16 units of a term of keyword search: longer words are cut, for nobody asks for them whole. */
export const maxTermCharacters = 64;

/** Documents in one write request. */
export const maxDocumentsPerRequest = 1000;

/** Entries before `whitening: "auto"` whitens: fewer say too little of the spread of 256 dimensions. */
export const whiteningMinEntries = 1000;

/** Tokens at most of a window whose vector can speak for its entry. */
export const bestWindowTokens = 32;

/** Milliseconds between a write and the publication of it: writes that come meanwhile go with it. */
export const publishDelayMilliseconds = 1000;

/** Documents waiting after that delay that tell a load from a few writes: it is published when it pauses, for fewer KV writes. */
export const loadMinDocuments = 256;

/** Milliseconds without a write after which a load counts as over. */
export const loadPauseMilliseconds = 500;

/** Milliseconds between a write and its publication at most, however long a load goes on. */
export const maxPublishDelayMilliseconds = 10_000;

/** Milliseconds between two manifests: KV takes one write a second to a key. */
export const manifestIntervalMilliseconds = 1000;

/** Milliseconds after which a failed publication is tried again; doubled after each further failure, up to the most. */
export const publishRetryMilliseconds = 1000;
export const maxPublishRetryMilliseconds = 60_000;

/** Bytes of the documents of a segment, rows included: writing one takes several times as much of an isolate's memory. */
export const maxSegmentBytes = 20 * mebibyte;

/** Bytes of published rows from which on segments get codes too: a collection twice as large may not fit an isolate. */
export const codesMinRowBytes = 16 * mebibyte;

/** Segments that are written for one manifest at most: some 20 calls to KV each, of which the free plan allows 50 in a row. */
export const maxSegmentsPerPublish = 2;

/** Documents, and bytes of them, that a strong reader is sent beside the segments; more are published first. */
export const maxTailDocuments = 8192;
export const maxTailBytes = 8 * mebibyte;

/** Seconds for which a part stays in KV that no manifest names: longer than KV is stale and readers live on an old manifest. */
export const garbageGraceSeconds = 600;

/** Parts that are deleted in one go: calls to KV, too. */
export const maxGarbagePerStep = 40;

/** Values that are put into KV, or deleted, at the same time: a Worker has six connections. */
export const kvConnections = 6;

/** Seconds for which a reader believes the manifest it has. */
export const manifestTtlSeconds = 1;

/** Results of one query: each may cost a read of its document. */
export const maxResults = 100;

/** Results that a query may look at, those that `offset` skips included. */
export const maxResultWindow = 1000;

/** Queries in one search request: each is a scan of the whole collection. */
export const maxQueriesPerRequest = 32;

/** UTF-16 units of a query: longer texts are documents, and the model cuts them anyway. */
export const maxQueryCharacters = 8192;

/** UTF-16 units of a snippet. */
export const maxSnippetCharacters = 2000;

/** UTF-16 units of a snippet unless the caller says otherwise: two or three lines. */
export const defaultSnippetCharacters = 240;

/** UTF-16 units of an entry that a text is cut into: below, it is no sentence; above, no part of a document. */
export const minChunkCharacters = 64;
export const maxChunkCharacters = 32_768;

/** Durable Objects that a collection is spread over: a search asks each four times, and a request has 50 calls at least. */
export const maxShards = 8;

/** Documents or collections in one page of a list. */
export const maxPageSize = 100;

/** Bytes of a finished segment's upload: it is in memory as a whole, and goes to the writer in one call of 32 MiB at most. */
export const maxSegmentUploadBytes = 24 * mebibyte;

/** Segments that one request may ask after. */
export const maxSegmentsPerCheck = 1000;

/** Bytes of a line of an import: the largest document with every character escaped. */
export const maxImportLineBytes = 4 * mebibyte;

/** Documents and bytes of an import that are written at once. */
export const importBatchDocuments = 500;
export const importBatchBytes = 4 * mebibyte;

/** Errors that an import lists; the rest are counted. */
export const maxImportErrors = 100;

/** Encoded bytes that go to a collection's writer in one call: the platform takes 32 MiB. */
export const maxWriteCallBytes = 12 * mebibyte;

/**
 * Bytes of documents and rows parts that an isolate keeps beside what is resident, so that like searches read KV once;
 * more of them as long as the memory of models and collections is free.
 */
export const partCacheBytes = 8 * mebibyte;

/** Bytes of rows parts that one query may read to score its candidates exactly: more would not fit beside the rest. */
export const maxRescoringBytes = 16 * mebibyte;

/** Bytes of the isolate's memory that a collection leaves for the model that queries are embedded by. */
export const roomForModelBytes = 16 * mebibyte;

/** Seconds that Cloudflare's edge keeps what KV returned: the least it takes for keys that change. */
export const manifestCacheSeconds = 30;

/** Seconds that the edge keeps a part: it never changes. */
export const partCacheSeconds = 24 * 3600;

/** Seconds for which a part that could not be read is not tried again. */
export const missingPartSeconds = 5;

/** Documents parts that are read at the same time: each may have 4 MiB. */
export const partsReadAtOnce = 4;

/** Bytes of segments that are read at the same time: they are in memory twice until they are in the index. */
export const segmentWaveBytes = 12 * mebibyte;

/** UTF-16 units of all inputs of a request: 2048 texts of a page each, and half of what a body can hold. */
export const maxCharactersPerRequest = 4 * mebibyte;

/** Tokens that one answer describes one by one: some 10 MB of JSON. */
export const maxDescribedTokens = 2 ** 17;

/** Levels of arrays and objects in a body: the deepest of ours, a filter, has some 20. */
export const maxJsonDepth = 64;

/** Arrays and objects in a body: a thousand documents with a hundred each, and under 20 MiB of an isolate. */
export const maxJsonContainers = 2 ** 17;

/** UTF-16 units of JSON up to which it is parsed without counting levels: nothing but brackets, it takes 10 MB. */
export const smallJsonCharacters = 256 * 1024;

/** UTF-16 units of what a key is called. */
export const maxKeyNameCharacters = 100;

/** Collections that a key names. */
export const maxGrantedCollections = 100;

/** Secrets of a key that are good at the same time: each rotation adds one until the one before has run out. */
export const maxSecretsPerKey = 4;

/** Seconds for which an isolate believes what it knows of a key without asking KV. */
export const keyFreshSeconds = 30;

/** Seconds after which it no longer answers before KV has said that the key is still good. */
export const keyUsableSeconds = 60;

/** Seconds for which a known key goes on while KV fails. */
export const keyOutageSeconds = 600;

/** Seconds that Cloudflare's edge keeps a key's record: the least it takes. */
export const keyCacheSeconds = 30;

/** Keys that an isolate knows, and others that it knows not to be there: a kilobyte each at most. */
export const maxKnownKeys = 1000;

/** Seconds after which an isolate without any key looks again whether there is one. */
export const keylessSeconds = 10;

/** Seconds that the rate limit in wrangler.toml counts over: it takes 10 or 60. */
export const rateLimitSeconds = 10;

/** Milliseconds between two reports of an isolate to the platform's counter of one caller. */
export const rateReportMilliseconds = 1000;

/** Callers that an isolate counts at the same time. */
export const maxCountedCallers = 10_000;
