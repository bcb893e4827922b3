/** The documents of a rerank request: texts, or objects with a text. */
import { z } from "zod";
import { maxInputsPerRequest } from "../limits.ts";
import { textJson, textList } from "./embedding-input.ts";

/** Turns objects into their texts, and leaves all that is wrong to the check of texts. */
export function rerankDocuments(name: string) {
  const texts = textList(name, "Texts, or objects with a `text`.");
  return z
    .preprocess((value) => (Array.isArray(value) ? value.map(textOf) : value), texts)
    .meta({
      description: "Texts, or objects with a `text`.",
      type: "array",
      minItems: 1,
      maxItems: maxInputsPerRequest,
      items: {
        anyOf: [textJson, { type: "object", properties: { text: textJson }, required: ["text"] }],
      },
    });
}

function textOf(document: unknown): unknown {
  const text =
    typeof document === "object" && document !== null && "text" in document ? document.text : undefined;
  return typeof text === "string" ? text : document;
}
