/** Runs inside workerd: loads a model out of R2 as the registry does, and reads the same bytes doing nothing with them. */
import nano from "../../models/nano.safetensors";
import { r2ChunkBytes } from "../../shared/limits.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { readObject } from "../../worker/r2-byte-source.ts";

interface Environment {
  readonly MODELS: R2Bucket;
}

const key = "model.safetensors";
const nanoKey = "nano.safetensors";
const text = "The quick brown fox jumps over the lazy dog.";
const ignore = () => {};

/** Bytes of a WebAssembly page, and of what the machine maps at a time. */
const pageBytes = 65_536;
const hostPageBytes = 4096;

/** Chunks of the file as R2 hands them out, for loads that wait for nothing. */
const chunks: Uint8Array[] = [];

async function open(bucket: R2Bucket, key: string): Promise<R2ObjectBody> {
  const object = await bucket.get(key);
  if (object === null) throw new Error(`${key} is not in the bucket`);
  return object;
}

/** Milliseconds from R2's `get` to the first embedding. */
function cold({ MODELS }: Environment): Promise<Record<string, number>> {
  return loadFromR2(MODELS, key);
}

/** The same with the small model's file. */
function coldNano({ MODELS }: Environment): Promise<Record<string, number>> {
  return loadFromR2(MODELS, nanoKey);
}

async function loadFromR2(bucket: R2Bucket, key: string): Promise<Record<string, number>> {
  const begin = performance.now();
  const object = await open(bucket, key);
  const model = await StaticModel.load(readObject(object, ignore), { size: object.size });
  model.encode(text);
  const milliseconds = performance.now() - begin;
  return { milliseconds, residentBytes: model.byteLength, fileBytes: object.size };
}

/** Milliseconds from the small model's bytes, which are in the bundle, to the first embedding. */
async function bundled(): Promise<Record<string, number>> {
  const begin = performance.now();
  const model = await StaticModel.load(nano);
  model.encode(text);
  return { milliseconds: performance.now() - begin };
}

/** What plain reads have read: kept, as a loaded model is, so that no read gets memory that another has used. */
const kept: Uint8Array[] = [];

/** Milliseconds from R2's `get` to the file in memory, by one `readAtLeast` of its whole size. */
async function readKeeping({ MODELS }: Environment): Promise<Record<string, number>> {
  const begin = performance.now();
  const object = await open(MODELS, key);
  const reader = object.body.getReader({ mode: "byob" });
  const { value } = await reader.readAtLeast(object.size, new Uint8Array(object.size));
  if (value?.byteLength !== object.size) throw new Error(`read ${value?.byteLength} of ${object.size} bytes`);
  kept.push(value);
  return { milliseconds: performance.now() - begin };
}

/** Milliseconds from R2's `get` to the last byte, by `readAtLeast` into one buffer again and again. */
async function readDiscarding({ MODELS }: Environment): Promise<Record<string, number>> {
  const begin = performance.now();
  const object = await open(MODELS, key);
  let bytes = 0;
  for await (const chunk of readObject(object, ignore)) bytes += chunk.byteLength;
  if (bytes !== object.size) throw new Error(`read ${bytes} of ${object.size} bytes`);
  return { milliseconds: performance.now() - begin };
}

/** Milliseconds of CPU for one load: chunks that are in memory already, and nothing to wait for. */
async function loadFromMemory(): Promise<Record<string, number>> {
  const begin = performance.now();
  const model = await StaticModel.load(inMemory());
  model.encode(text);
  return { milliseconds: performance.now() - begin };
}

/** Milliseconds until fresh WebAssembly memory of the file's size can be written to: the machine's page faults. */
async function touchFreshMemory(): Promise<Record<string, number>> {
  const begin = performance.now();
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / pageBytes) });
  const view = new Uint8Array(memory.buffer);
  for (let at = 0; at < view.length; at += hostPageBytes) view[at] = 1;
  return { milliseconds: performance.now() - begin };
}

async function* inMemory(): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

/** Puts the file into R2, and its chunks aside. */
async function store(request: Request, { MODELS }: Environment): Promise<Record<string, number>> {
  const file = new Uint8Array(await request.arrayBuffer());
  await MODELS.put(key, file);
  await MODELS.put(nanoKey, nano);
  for (let at = 0; at < file.length; at += r2ChunkBytes) chunks.push(file.slice(at, at + r2ChunkBytes));
  return { bytes: file.length };
}

export default {
  async fetch(request: Request, env: Environment): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === "/store") return Response.json(await store(request, env));
    const measures = {
      cold,
      readKeeping,
      readDiscarding,
      loadFromMemory,
      touchFreshMemory,
      coldNano,
      bundled,
    };
    const measure = measures[pathname.slice(1) as keyof typeof measures];
    if (measure === undefined) return new Response(null, { status: 404 });
    return Response.json(await measure(env));
  },
};
