/** Where the real models, tokenizers and texts are that the asset tests read: beside the checkout. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { TokenizerJson } from "../../shared/tokenizer/tokenizer-json.ts";

const folder = new URL("../../../shared/assets/", import.meta.url);

export function assetPath(path: string): string {
  return fileURLToPath(new URL(path, folder));
}

export function readAsset(path: string): Uint8Array {
  // A Buffer's slice() is a view; that of a Uint8Array is the copy that everyone expects.
  return new Uint8Array(readFileSync(new URL(path, folder)));
}

export function readAssetText(path: string): string {
  return new TextDecoder().decode(readAsset(path));
}

export function readAssetTokenizer(path: string): TokenizerJson {
  return JSON.parse(readAssetText(`${path}/tokenizer.json`));
}
