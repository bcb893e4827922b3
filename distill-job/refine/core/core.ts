/** The core with its threads: runs a function of it on many ranges of rows at once. */
import { readFile } from "node:fs/promises";
import { NearvecError } from "../../../shared/errors.ts";
import { scriptBeside } from "../../threads/script-beside.ts";
import { defaultThreads, ThreadPool } from "../../threads/thread-pool.ts";
import type { CoreFunction, CoreQuestion } from "./core-worker.ts";
import { SharedMemory } from "./shared-matrix.ts";

/** Rows `from` to before `to`. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export class Core {
  readonly memory = new SharedMemory();
  readonly threads: number;
  readonly #pool: ThreadPool<CoreQuestion, null>;

  private constructor(threads: number) {
    this.threads = threads;
    this.#pool = new ThreadPool(scriptBeside(import.meta.url, "core-worker"), threads);
  }

  /** @throws NearvecError internal_error if the core was not built */
  static async start(threads: number = defaultThreads()): Promise<Core> {
    const bytes = await readFile(new URL("./core.wasm", import.meta.url)).catch((cause: unknown) => {
      throw new NearvecError(
        "internal_error",
        "Expected distill-job/refine/core/core.wasm, it is not there. Run `npm run build`.",
        { cause },
      );
    });
    const module = new WebAssembly.Module(bytes);
    const core = new Core(threads);
    await core.#pool.askEach({ module, memory: core.memory.memory });
    return core;
  }

  /**
   * Calls a function once for every range, on whichever thread is idle: ranges must not write to the same
   * memory. The ranges must not depend on the number of threads where sums do on the ranges.
   */
  async run<Part>(
    call: CoreFunction,
    parts: readonly Part[],
    parameters: (part: Part, i: number) => readonly number[],
  ): Promise<void> {
    await Promise.all(parts.map((part, i) => this.#pool.ask({ call, parameters: parameters(part, i) })));
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }
}

/** Cuts rows into ranges of `size`. */
export function rangesOf(rows: number, size: number): Range[] {
  return Array.from({ length: Math.ceil(rows / size) }, (_, i) => ({
    from: i * size,
    to: Math.min(rows, (i + 1) * size),
  }));
}

/** Cuts rows into ranges of about `size` entries each. @param offsets where every row's entries begin, and the end */
export function rangesOfEntries(offsets: Uint32Array, size: number): Range[] {
  const ranges: Range[] = [];
  let from = 0;
  for (let to = 1; to < offsets.length; to++) {
    if (offsets[to]! - offsets[from]! < size && to < offsets.length - 1) continue;
    ranges.push({ from, to });
    from = to;
  }
  return ranges;
}
