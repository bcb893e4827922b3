/**
 * The field `input`: a text, texts, the token ids of one text, or the token ids of several.
 *
 * A union of zod arrays would copy up to 2048 strings and could only say that no alternative matched. This
 * walks the value once, copies nothing, and names the first element that is wrong.
 */
import { z } from "zod";
import { NearvecError } from "../errors.ts";
import { maxCharactersPerInput, maxInputsPerRequest, maxTokenIdsPerInput } from "../limits.ts";
import { describeValue } from "./describe-value.ts";

/** One thing to embed: a text, or the ids of its tokens. */
export type EmbeddingInput = string | readonly number[];

/** What a client may send as `input`. */
export type EmbeddingInputField = EmbeddingInput | readonly string[] | readonly (readonly number[])[];

/** The first thing that is wrong with a value, and the indices that lead to it. */
interface Mistake {
  readonly path: number[];
  readonly message: string;
}

export const embeddingInputSchema = z
  .custom<EmbeddingInputField>()
  .superRefine((value, context) => {
    const mistake = findMistake(value);
    if (mistake !== undefined) context.addIssue({ code: "custom", ...mistake });
  })
  .meta({
    description: "The text, or the token ids, to embed; or a list of them.",
    anyOf: [
      { type: "string", minLength: 1, maxLength: maxCharactersPerInput },
      { type: "array", items: { type: "string", minLength: 1 }, minItems: 1, maxItems: maxInputsPerRequest },
      { type: "array", items: { type: "integer", minimum: 0 }, minItems: 1, maxItems: maxTokenIdsPerInput },
      {
        type: "array",
        items: { type: "array", items: { type: "integer", minimum: 0 }, minItems: 1 },
        minItems: 1,
        maxItems: maxInputsPerRequest,
      },
    ],
  });

/** Whether the value is a list of inputs rather than one input. */
function isList(value: EmbeddingInputField): value is readonly string[] | readonly (readonly number[])[] {
  return typeof value !== "string" && typeof value[0] !== "number";
}

/** The inputs one by one, whichever form they were sent in. */
export function listInputs(value: EmbeddingInputField): readonly EmbeddingInput[] {
  return isList(value) ? value : [value];
}

/**
 * Checks token ids against the model that they are meant for; texts pass.
 *
 * @param vocabularySize Ids run from 0 to vocabularySize - 1.
 * @throws NearvecError `invalid_request` naming the id, e.g. `input[3][5]`.
 */
export function checkVocabulary(value: EmbeddingInputField, vocabularySize: number): void {
  const inputs = listInputs(value);
  if (typeof inputs[0] === "string") return;
  inputs.forEach((ids, i) => {
    for (let j = 0; j < ids.length; j++) {
      const id = ids[j] as number;
      if (id < vocabularySize) continue;
      const param = nameOf(isList(value) ? [i, j] : [j]);
      throw new NearvecError(
        "invalid_request",
        `Expected ${param} to be a token id below ${vocabularySize}, the size of the model's vocabulary, got ${id}. ` +
          "Ids of another tokenizer mean nothing to this model: send the text instead.",
        { param },
      );
    }
  });
}

function findMistake(value: unknown): Mistake | undefined {
  if (typeof value === "string") return findTextMistake(value, []);
  if (!Array.isArray(value)) {
    return mistake(
      [],
      "a string, an array of strings, an array of token ids or an array of such arrays",
      value,
    );
  }
  const first: unknown = value[0];
  if (value.length === 0 || typeof first === "number") return findTokenIdsMistake(value, []);
  if (value.length > maxInputsPerRequest) {
    return mistake(
      [],
      `at most ${maxInputsPerRequest} inputs (send the rest in another request)`,
      value.length,
    );
  }
  if (typeof first !== "string" && !Array.isArray(first)) return mistake([0], "a string or token ids", first);
  const texts = typeof first === "string";
  for (let i = 0; i < value.length; i++) {
    const element: unknown = value[i];
    let found: Mistake | undefined;
    if (texts && typeof element === "string") found = findTextMistake(element, [i]);
    else if (!texts && Array.isArray(element)) found = findTokenIdsMistake(element, [i]);
    else
      found = mistake(
        [i],
        texts ? "a string, as input[0] is" : "an array of token ids, as input[0] is",
        element,
      );
    if (found !== undefined) return found;
  }
  return undefined;
}

function findTextMistake(text: string, path: number[]): Mistake | undefined {
  if (text.length === 0) return mistake(path, "a text with at least one character", text);
  if (text.length <= maxCharactersPerInput) return undefined;
  return mistake(path, `at most ${maxCharactersPerInput} UTF-16 units long (split the text)`, text.length);
}

function findTokenIdsMistake(ids: readonly unknown[], path: number[]): Mistake | undefined {
  if (ids.length === 0) return mistake(path, "at least one element", "an empty array");
  if (ids.length > maxTokenIdsPerInput) {
    return mistake(path, `at most ${maxTokenIdsPerInput} token ids (split the text)`, ids.length);
  }
  const wrong = ids.findIndex((id) => !Number.isInteger(id) || (id as number) < 0);
  return wrong < 0 ? undefined : mistake([...path, wrong], "a token id, an integer from 0", ids[wrong]);
}

function mistake(path: number[], expected: string, got: unknown): Mistake {
  return { path, message: `Expected ${nameOf(path)} to be ${expected}, got ${describeValue(got)}.` };
}

function nameOf(path: readonly number[]): string {
  return `input${path.map((index) => `[${index}]`).join("")}`;
}
