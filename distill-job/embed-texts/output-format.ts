/** Files that vectors are written to: what comes before the rows, what after, and what is known only at the end. */
import { extname } from "node:path";
import { usageMistake } from "../command-line/exit-codes.ts";
import type { Rendering } from "./embed-work.ts";
import type { EmbeddedTexts } from "./embedded-texts.ts";
import { npyHeader } from "./npy-header.ts";
import { rowsHeader } from "./rows-header.ts";

export interface OutputFormat {
  readonly rendering: Rendering;
  /** What the output begins with. */
  readonly head: Uint8Array;
  /** What it ends with. */
  tail(embedded: EmbeddedTexts): Uint8Array;
  /** As long as the head, and written over it in the end: such a format needs a file. */
  finalHead?(embedded: EmbeddedTexts): Uint8Array;
}

export const outputFormats = ["json", "jsonl", "npy", "safetensors"] as const;
export type OutputFormatName = (typeof outputFormats)[number];

const encoder = new TextEncoder();
const nothing = new Uint8Array();

/** The format that a file's name asks for. @throws NearvecError invalid_arguments */
export function formatOfFile(path: string): OutputFormatName {
  const extension = extname(path).slice(1).toLowerCase();
  if (extension === "ndjson") return "jsonl";
  const format = outputFormats.find((name) => name === extension);
  if (format !== undefined) return format;
  throw usageMistake(
    `Expected a file that ends in ${outputFormats.map((name) => `.${name}`).join(", ")}, got ${path}. Rename it, or choose with --format.`,
    "output",
  );
}

export function outputFormat(name: OutputFormatName): OutputFormat {
  switch (name) {
    case "jsonl":
      return { rendering: "jsonl", head: nothing, tail: () => nothing };
    case "json":
      // As POST /v1/embeddings answers, for programs that read that.
      return {
        rendering: "json",
        head: encoder.encode('{"object":"list","data":['),
        tail: ({ model, tokens }) =>
          encoder.encode(
            `],"model":${JSON.stringify(model)},"usage":{"prompt_tokens":${tokens},"total_tokens":${tokens}}}\n`,
          ),
      };
    case "npy":
      return headedFormat(npyHeader);
    case "safetensors":
      return headedFormat(rowsHeader);
  }
}

function headedFormat(header: (embedded: EmbeddedTexts) => Uint8Array): OutputFormat {
  const unknown = { model: "", texts: 0, dimensions: 0, type: "float", tokens: 0 } as const;
  return { rendering: "rows", head: header(unknown), tail: () => nothing, finalHead: header };
}
