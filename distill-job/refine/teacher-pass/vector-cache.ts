/**
 * Vectors on disk that a teacher was once asked for, found by their text.
 *
 * A file per teacher, to which blocks are appended: [magic, keys in it, CRC-32 of the rest] as u32, then 16
 * bytes of key per text, then the vectors as float32. What an interruption or a full disk leaves of a last
 * block does not match its checksum, and is cut off when the file is opened next.
 */
import { createHash } from "node:crypto";
import { type FileHandle, mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { NearvecError } from "../../../shared/errors.ts";
import { FileLock } from "../../output/file-lock.ts";

const magic = 0x3176_766e;
const headerBytes = 12;
const keyBytes = 16;
/** Texts of the largest block that is believed. */
const maxBlockTexts = 65_536;

/** The key of a text: half of its SHA-256. */
export function keyOf(text: string): string {
  return createHash("sha256").update(text).digest().toString("latin1", 0, keyBytes);
}

export class VectorCache {
  readonly #file: FileHandle;
  readonly #lock: FileLock;
  readonly #path: string;
  readonly #dimensions: number;
  /** Where each key's vector begins in the file. */
  readonly #places = new Map<string, number>();
  #end = 0;

  private constructor(file: FileHandle, lock: FileLock, path: string, dimensions: number) {
    this.#file = file;
    this.#lock = lock;
    this.#path = path;
    this.#dimensions = dimensions;
  }

  /**
   * Opens a file of the cache, or begins it.
   *
   * @param identity what the vectors depend on beside the text: the teacher's digests, its pooling, its runtime
   * @param dimensions of a vector
   * @throws NearvecError invalid_request if the directory cannot be written to, or somebody else has the file open
   */
  static async open(
    directory: string,
    identity: readonly string[],
    dimensions: number,
  ): Promise<VectorCache> {
    const name = createHash("sha256")
      .update(JSON.stringify([...identity, dimensions]))
      .digest("hex");
    const path = join(directory, `${name.slice(0, 32)}.vectors`);
    let lock: FileLock | undefined;
    let file: FileHandle | undefined;
    try {
      await mkdir(directory, { recursive: true });
      lock = takeLock(`${path}.lock`);
      // "a+" would put every write at the end, but then a torn end could not be written over.
      file = await open(path, "r+").catch(() => open(path, "wx+"));
      const cache = new VectorCache(file, lock, path, dimensions);
      await cache.#index();
      return cache;
    } catch (cause) {
      await file?.close();
      lock?.release();
      throw NearvecError.isInstance(cause) ? cause : cannot("open", path, cause);
    }
  }

  /** Texts in the cache. */
  get size(): number {
    return this.#places.size;
  }

  has(key: string): boolean {
    return this.#places.has(key);
  }

  get dimensions(): number {
    return this.#dimensions;
  }

  /** Where a key's vector begins in the file, in bytes. @throws RangeError if the cache does not have it */
  placeOf(key: string): number {
    const place = this.#places.get(key);
    if (place === undefined) throw new RangeError("Expected a key that the cache has.");
    return place;
  }

  /** Reads one vector. @throws RangeError if the cache does not have it */
  async read(key: string): Promise<Float32Array> {
    const bytes = new Uint8Array(this.#dimensions * 4);
    await this.#file.read(bytes, 0, bytes.length, this.placeOf(key));
    return new Float32Array(bytes.buffer);
  }

  /**
   * Reads the vectors of all keys into `output`, in the order of the keys and one after the other.
   * The file is read once, from its beginning to its end.
   */
  async readAll(keys: readonly string[], output: Float32Array): Promise<void> {
    const vectorBytes = this.#dimensions * 4;
    const wanted = keys.map((key, i) => ({ place: this.placeOf(key), i }));
    wanted.sort((a, b) => a.place - b.place);
    const window = new Uint8Array(4 * 2 ** 20 - ((4 * 2 ** 20) % vectorBytes));
    const vector = new Float32Array(this.#dimensions);
    let start = 0;
    let length = 0;
    for (const { place, i } of wanted) {
      if (place < start || place + vectorBytes > start + length) {
        start = place;
        length = (await this.#file.read(window, 0, window.length, start)).bytesRead;
      }
      new Uint8Array(vector.buffer).set(window.subarray(place - start, place - start + vectorBytes));
      output.set(vector, i * this.#dimensions);
    }
  }

  /**
   * Adds a block: all of it is found again, or nothing.
   * @param vectors as many as keys, one after the other
   * @throws NearvecError invalid_request if the disk refuses
   */
  async append(keys: readonly string[], vectors: Float32Array): Promise<void> {
    const block = new Uint8Array(headerBytes + keys.length * keyBytes + vectors.byteLength);
    keys.forEach((key, i) => {
      block.set(Buffer.from(key, "latin1"), headerBytes + i * keyBytes);
    });
    block.set(
      new Uint8Array(vectors.buffer, vectors.byteOffset, vectors.byteLength),
      headerBytes + keys.length * keyBytes,
    );
    const header = new DataView(block.buffer, 0, headerBytes);
    header.setUint32(0, magic, true);
    header.setUint32(4, keys.length, true);
    header.setUint32(8, crc32(block.subarray(headerBytes)), true);
    const place = this.#end;
    this.#end += block.length;
    try {
      await this.#file.write(block, 0, block.length, place);
    } catch (cause) {
      throw cannot("write", this.#path, cause);
    }
    this.#remember(keys, place);
  }

  async close(): Promise<void> {
    await this.#file.close();
    this.#lock.release();
  }

  async #index(): Promise<void> {
    const { size } = await this.#file.stat();
    const header = new DataView(new ArrayBuffer(headerBytes));
    while (this.#end + headerBytes <= size) {
      await this.#file.read(header, 0, headerBytes, this.#end);
      const count = header.getUint32(4, true);
      if (header.getUint32(0, true) !== magic || count > maxBlockTexts) break;
      const content = Buffer.alloc(count * (keyBytes + this.#dimensions * 4));
      const { bytesRead } = await this.#file.read(content, 0, content.length, this.#end + headerBytes);
      if (bytesRead < content.length || crc32(content) !== header.getUint32(8, true)) break;
      const keys = Array.from({ length: count }, (_, i) =>
        content.toString("latin1", i * keyBytes, (i + 1) * keyBytes),
      );
      this.#remember(keys, this.#end);
      this.#end += headerBytes + content.length;
    }
    if (this.#end < size) await this.#file.truncate(this.#end);
  }

  #remember(keys: readonly string[], place: number): void {
    const first = place + headerBytes + keys.length * keyBytes;
    keys.forEach((key, i) => {
      this.#places.set(key, first + i * this.#dimensions * 4);
    });
  }
}

/** Nobody waits here: the other process may go on for hours. */
function takeLock(path: string): FileLock {
  const lock = FileLock.take(path);
  if (lock instanceof FileLock) return lock;
  throw new NearvecError(
    "invalid_request",
    `Expected nobody else to use the cache of teacher vectors, process ${lock} does (${path}). Wait for it, or choose another directory with --cache.`,
    { param: "cache" },
  );
}

function cannot(verb: string, path: string, cause: unknown): NearvecError {
  return new NearvecError(
    "invalid_request",
    `Expected to ${verb} the cache of teacher vectors ${path}, got: ${(cause as Error).message}. Make room, or choose another directory with --cache; what is in it stays good.`,
    { param: "cache", cause },
  );
}
