/**
 * The model that comes with the worker's own code: it answers where there is no bucket, and loads without I/O.
 *
 * The import is a `Data` module (`rules` in wrangler.toml). The runtime keeps its bytes for as long as the
 * isolate lives, as it keeps the code; loading copies them once, into the model's WebAssembly memory.
 */
import bytes from "../models/nano.safetensors";
import { bundledModelName } from "../shared/model-store/default-model.ts";

export interface BundledModel {
  readonly name: string;
  /** A model file. */
  readonly bytes: ArrayBuffer;
}

/** SHA-256 of the model file, in hexadecimal. */
export async function sha256OfBundled({ bytes }: BundledModel): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

export const bundledModel: BundledModel = { name: bundledModelName, bytes };
