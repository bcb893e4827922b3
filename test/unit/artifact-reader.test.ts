/** The model file's reader: any chunks, nothing but whole and undamaged files, no memory on a lie's word. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { type ErrorCode, NearvecError } from "../../shared/errors.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { type TamperedHeader, tensorOf as tensor, withHeader } from "../support/tampered-model.ts";
import { tinyModel, tinyTokenizerJson } from "../support/tiny-model.ts";

/** Few special characters make a file of some 30 kB, small enough to try thousands of lengths. */
const file = tinyModel({
  tokenizer: tinyTokenizerJson({
    normalizer: { lowercase: false, strip_accents: false, clean_text: false, handle_chinese_chars: false },
  }),
});
const text = "the horse is running in the rain!";
const headerLength = Number(new DataView(file.buffer).getBigUint64(0, true));

/** Every number up to 4096, then every seventh, and the last 64: thousands of loads, not tens of thousands. */
function numbersUpTo(last: number): number[] {
  const all = Array.from({ length: last + 1 }, (_, number) => number);
  return all.filter((number) => number <= 4096 || number % 7 === 0 || number > last - 64);
}

async function* chunksOfSize(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  // One buffer for all chunks: a reader that kept a chunk would see it change.
  const buffer = new Uint8Array(size);
  for (let at = 0; at < bytes.length; at += size) {
    const chunk = bytes.subarray(at, at + size);
    buffer.set(chunk);
    yield buffer.subarray(0, chunk.length);
  }
}

async function errorOf(loading: Promise<unknown>): Promise<NearvecError> {
  const error = await loading.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!NearvecError.isInstance(error)) throw new Error(`Expected a NearvecError, got ${error}`);
  return error;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("chunks", () => {
  it("of any size give the same model", async () => {
    const expected = (await StaticModel.load(file)).encode(text).join();
    for (const size of numbersUpTo(file.length).slice(1)) {
      const model = await StaticModel.load(chunksOfSize(file, size));
      if (model.encode(text).join() !== expected) expect.fail(`chunks of ${size} bytes give another vector`);
    }
  });

  it("may be empty", async () => {
    const model = await StaticModel.load(
      (async function* () {
        yield new Uint8Array();
        yield file.subarray(0, 8);
        yield new Uint8Array();
        yield file.subarray(8);
        yield new Uint8Array();
      })(),
    );
    expect(model.encode(text)).toEqual((await StaticModel.load(file)).encode(text));
  });

  it("come from streams, responses and buffers alike", async () => {
    const expected = (await StaticModel.load(file)).encode(text);
    const buffer = file.slice().buffer;
    for (const source of [buffer, new Response(file.slice()), new Blob([file.slice()]).stream()]) {
      expect((await StaticModel.load(source)).encode(text)).toEqual(expected);
    }
  });
});

describe("a truncated file", () => {
  it("of any length is refused", async () => {
    for (const length of numbersUpTo(file.length - 1)) {
      const error = await errorOf(StaticModel.load(file.subarray(0, length)));
      if (error.code !== "artifact_truncated") expect.fail(`${length} bytes: ${error.code} ${error.message}`);
    }
  });

  it("is refused when the stream ends early", async () => {
    const error = await errorOf(StaticModel.load(chunksOfSize(file.subarray(0, -1), 1000)));
    expect(error.code).toBe("artifact_truncated");
    expect(error.message).toContain(String(file.length));
    expect(error.message).toContain(String(file.length - 1));
  });

  it("is refused before any memory is taken if the size is known", async () => {
    const grow = vi.spyOn(WebAssembly.Memory.prototype, "grow");
    await errorOf(StaticModel.load(file.subarray(0, -1)));
    expect(grow).not.toHaveBeenCalled();
  });
});

describe("a damaged file", () => {
  const codes: ErrorCode[] = [
    "artifact_corrupt",
    "artifact_invalid",
    "artifact_truncated",
    "artifact_version_unsupported",
    "model_too_large",
  ];

  it("is refused whichever bit has flipped", async () => {
    const damaged = file.slice();
    const flip = async (at: number): Promise<void> => {
      const bit = 1 << ((at * 7) % 8);
      damaged[at]! ^= bit;
      const error = await errorOf(StaticModel.load(damaged));
      if (!codes.includes(error.code)) expect.fail(`byte ${at}: ${error.code}`);
      damaged[at]! ^= bit;
    };
    for (let at = 0; at < 8 + headerLength; at++) await flip(at);
    for (let at = 8 + headerLength; at < file.length; at += 3) await flip(at);
    await flip(file.length - 1);
    expect(damaged).toEqual(file);
  });

  it("is refused if something follows its end", async () => {
    const longer = new Uint8Array(file.length + 1);
    longer.set(file);
    expect((await errorOf(StaticModel.load(longer))).code).toBe("artifact_invalid");
  });
});

describe("a header that lies", () => {
  const hugeTable = "with a table of four gigabytes";
  const lies: [string, (header: TamperedHeader) => void, ErrorCode][] = [
    ["of a newer version", (h) => set(h, "format_version", "3"), "artifact_version_unsupported"],
    ["of an older version", (h) => set(h, "format_version", "1"), "artifact_version_unsupported"],
    ["about its format", (h) => set(h, "format", "other"), "artifact_invalid"],
    ["about its rows", (h) => set(h, "rows", "8000000"), "artifact_invalid"],
    ["with more rows than there can be", (h) => set(h, "rows", "99999999999"), "artifact_invalid"],
    ["with a number that is none", (h) => set(h, "dimensions", "8.5"), "artifact_invalid"],
    ["about its pooling", (h) => set(h, "pooling", "max"), "artifact_invalid"],
    ["about its tokenizer", (h) => set(h, "tokenizer", "{}"), "artifact_invalid"],
    ["with metadata that is no JSON", (h) => set(h, "provenance", "{"), "artifact_invalid"],
    ["about a tensor's shape", (h) => tensor(h, "embeddings").shape.splice(0, 1, 1), "artifact_invalid"],
    [
      "about a tensor's type",
      (h) => Object.assign(tensor(h, "embeddings"), { dtype: "F64" }),
      "artifact_invalid",
    ],
    [
      hugeTable,
      (h) => {
        set(h, "rows", "8000000");
        set(h, "dimensions", "512");
        const { data_offsets: offsets, shape } = tensor(h, "embeddings");
        shape.splice(0, 2, 8000000, 512);
        offsets[1] = offsets[0]! + 8000000 * 512;
      },
      "artifact_invalid",
    ],
    [
      "with tensors that overlap",
      (h) => {
        tensor(h, "scales").data_offsets[0]! -= 4;
      },
      "artifact_invalid",
    ],
    ["without a tensor", (h) => void delete h.scales, "artifact_invalid"],
    ["with an unknown token beyond its rows", (h) => set(h, "unk_token_id", "4000"), "artifact_invalid"],
    ["without checksums", (h) => set(h, "checksums", "{}"), "artifact_invalid"],
    ["about a checksum", (h) => swapChecksums(h), "artifact_corrupt"],
  ];

  it.each(lies)("%s is refused", async (_, edit, code) => {
    const error = await errorOf(StaticModel.load(withHeader(file, edit)));
    expect({ code: error.code, message: error.message }).toMatchObject({ code });
  });

  it("is taken at its word where it is right", async () => {
    const model = await StaticModel.load(withHeader(file, (header) => set(header, "name", "renamed")));
    expect(model.metadata.name).toBe("renamed");
  });

  it("gets no memory for what it claims", async () => {
    const grow = vi.spyOn(WebAssembly.Memory.prototype, "grow");
    const prefix = new Uint8Array(16);
    new DataView(prefix.buffer).setBigUint64(0, 2n ** 40n, true);
    expect((await errorOf(StaticModel.load(chunksOfSize(prefix, 16)))).code).toBe("artifact_invalid");
    const [, edit] = lies.find(([what]) => what === hugeTable)!;
    await errorOf(StaticModel.load(chunksOfSize(withHeader(file, edit), 4096)));
    expect(grow).not.toHaveBeenCalled();
  });

  it("is refused above the limit of the caller", async () => {
    const error = await errorOf(StaticModel.load(file, { maxBytes: file.length - 1 }));
    expect(error.code).toBe("model_too_large");
    expect(error.message).toContain(String(file.length));
    await StaticModel.load(file, { maxBytes: file.length });
  });

  function set(header: TamperedHeader, field: string, value: string): void {
    header.__metadata__[field] = value;
  }
  function swapChecksums({ __metadata__: metadata }: TamperedHeader): void {
    const checksums = JSON.parse(metadata.checksums!);
    metadata.checksums = JSON.stringify({ ...checksums, scales: checksums.embeddings });
  }
});

describe("what is no model", () => {
  it.each([
    ["nothing", new Uint8Array(), "artifact_truncated"],
    ["text", new TextEncoder().encode("<!doctype html><html></html>"), "artifact_invalid"],
    ["another safetensors file", otherSafetensors(), "artifact_invalid"],
  ] as const)("%s is refused", async (_, bytes, code) => {
    expect((await errorOf(StaticModel.load(bytes))).code).toBe(code);
  });

  it("is refused as a failed response, with its status", async () => {
    const error = await errorOf(StaticModel.load(new Response("gone", { status: 404 })));
    expect(error.code).toBe("invalid_request");
    expect(error.message).toContain("404");
  });

  it("is refused as a path, with what to do", async () => {
    const error = await errorOf(StaticModel.load("model.safetensors" as never));
    expect(error.message).toContain("readFile");
  });

  function otherSafetensors(): Uint8Array {
    const json = new TextEncoder().encode('{"weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}');
    const bytes = new Uint8Array(8 + json.length + 4);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
    bytes.set(json, 8);
    return bytes;
  }
});
