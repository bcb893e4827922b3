/** The README.md of an exported model: what the hub shows, and how to use it. */
import type { ModelMetadata } from "../../shared/artifact/model-metadata.ts";

export interface CardOptions {
  /** `library_name` of the hub, which decides about the snippet that it shows. */
  readonly library: "model2vec" | "sentence-transformers" | "transformers.js";
  /** Rows that the tokens share; each has its own if not given. */
  readonly sharedRows?: number | undefined;
  /** Programming language and lines of an example that loads the model. */
  readonly example: { readonly language: "python" | "js"; readonly code: string };
  /** Where on the hub nearvec's own file of the model is, `org/name`. */
  readonly repo?: string | undefined;
}

/** A model card with the front matter that the hub reads. */
export function modelCard(
  metadata: ModelMetadata,
  { library, sharedRows, example, repo }: CardOptions,
): string {
  const { provenance, name } = metadata;
  const { license, teacher } = provenance;
  return `${[
    "---",
    `library_name: ${library}`,
    ...(license === undefined ? [] : [`license: ${license.toLowerCase()}`]),
    // The hub takes names of its own only.
    ...(teacher !== undefined && /^[\w.-]+\/[\w.-]+$/.test(teacher) ? [`base_model: ${teacher}`] : []),
    `model_name: ${name}`,
    "tags:",
    "- embeddings",
    "- static-embeddings",
    "- sentence-transformers",
    "- model2vec",
    "---",
    "",
    `# ${name}`,
    "",
    `A static embedding model: ${metadata.vocabularySize} tokens, one vector of ${metadata.dimensions} dimensions each. The vector of a`,
    `text is the mean of its tokens' vectors${metadata.normalize ? ", divided by its length" : ""}. Made by nearvec${teacher === undefined ? "" : ` from ${teacher}`}.`,
    ...(sharedRows === undefined
      ? []
      : ["", `Tokens share ${sharedRows} rows: a token's vector is its row times its weight.`]),
    ...poolingNote(metadata),
    "",
    `\`\`\`${example.language}`,
    example.code,
    "```",
    ...pullNote(repo),
    "",
    "## Where it comes from",
    "",
    "| | |",
    "|---|---|",
    ...Object.entries(provenance).map(([key, value]) => `| ${key} | ${value.replaceAll("|", "\\|")} |`),
  ].join("\n")}\n`;
}

function pullNote(repo: string | undefined): string[] {
  if (repo === undefined) return [];
  return ["", "In nearvec:", "", "```sh", `npx nearvec pull ${repo}`, "```"];
}

/** Formats of others know the plain mean only. */
function poolingNote({ pooling }: ModelMetadata): string[] {
  if (pooling === "mean") return [];
  return [
    "",
    `In nearvec this model pools in another way (\`${pooling}\`); here every token counts, which costs a little quality.`,
  ];
}
