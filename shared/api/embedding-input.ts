/**
 * What is to be embedded: a text, texts, the token ids of one text, or the token ids of several.
 *
 * A union of zod arrays would copy up to 2048 strings and could only say that no alternative matched. These
 * schemas walk the value once, copy nothing, and name the first element that is wrong.
 */
import { z } from "zod";
import { NearvecError } from "../errors.ts";
import { maxCharactersPerInput, maxInputsPerRequest, maxTokenIdsPerInput } from "../limits.ts";
import { findInputMistake, findTextMistake, type InputRule, inputPath, mistake } from "./input-mistake.ts";
import { acceptedIf } from "./quick-acceptance.ts";

/** One thing to embed: a text, or the ids of its tokens. */
export type EmbeddingInput = string | readonly number[];

/** The token ids of one text or of several. */
export type TokenIdsField = readonly number[] | readonly (readonly number[])[];

/** One text or several. */
export type TextField = string | readonly string[];

/** What a client may send as `input`. */
export type EmbeddingInputField = TextField | TokenIdsField;

/** What JSON Schema can say of a text to embed. */
export const textJson = { type: "string", minLength: 1, maxLength: maxCharactersPerInput } as const;
const idsJson = {
  type: "array",
  items: { type: "integer", minimum: 0 },
  minItems: 1,
  maxItems: maxTokenIdsPerInput,
} as const;
const listOf = (items: typeof textJson | typeof idsJson, maxItems = maxInputsPerRequest) =>
  ({ type: "array", items, minItems: 1, maxItems }) as const;

/** A field that takes texts and token ids. */
export function embeddingInput(name: string) {
  const rule: InputRule = { name, takes: "either", single: true, maxInputs: maxInputsPerRequest };
  return inputs<EmbeddingInputField>(rule, {
    description: "The text, or the token ids, to embed; or a list of them.",
    anyOf: [textJson, listOf(textJson), idsJson, listOf(idsJson)],
  });
}

/** A field that takes the token ids of one text or of several. */
export function tokenIds(name: string, description: string) {
  const rule: InputRule = { name, takes: "token ids", single: true, maxInputs: maxInputsPerRequest };
  return inputs<TokenIdsField>(rule, { description, anyOf: [idsJson, listOf(idsJson)] });
}

/** A field that takes a text or several. */
export function textInput(name: string, description: string) {
  const rule: InputRule = { name, takes: "texts", single: true, maxInputs: maxInputsPerRequest };
  return inputs<TextField>(rule, { description, anyOf: [textJson, listOf(textJson)] });
}

/** A field that takes a list of texts. */
export function textList(name: string, description: string) {
  const rule: InputRule = { name, takes: "texts", single: false, maxInputs: maxInputsPerRequest };
  return inputs<readonly string[]>(rule, { description, ...listOf(textJson) });
}

/** A field that takes one text. */
export function oneText(name: string, description: string) {
  return z
    .custom<string>()
    .superRefine((value, context) => {
      const found =
        typeof value === "string" ? findTextMistake(value, [], name) : mistake(name, [], "a string", value);
      if (found !== undefined) context.addIssue({ code: "custom", ...found });
    })
    .meta({ description, ...textJson });
}

function inputs<Field>(rule: InputRule, meta: z.GlobalMeta) {
  const schema = z
    .custom<Field>()
    .superRefine((value, context) => {
      const found = findInputMistake(value, rule);
      if (found !== undefined) context.addIssue({ code: "custom", ...found });
    })
    .meta(meta);
  return acceptedIf(schema, (value) => findInputMistake(value, rule) === undefined);
}

export const embeddingInputSchema = embeddingInput("input");

/** Whether the value is a list of inputs rather than one input. */
function isList(value: EmbeddingInputField): value is readonly string[] | readonly (readonly number[])[] {
  return typeof value !== "string" && typeof value[0] !== "number";
}

/** The inputs one by one, whichever form they were sent in. */
export function listInputs(value: TextField): readonly string[];
export function listInputs(value: TokenIdsField): readonly (readonly number[])[];
export function listInputs(value: EmbeddingInputField): readonly EmbeddingInput[];
export function listInputs(value: EmbeddingInputField): readonly EmbeddingInput[] {
  return isList(value) ? value : [value];
}

/**
 * Checks token ids against the model that they are meant for; texts pass.
 *
 * @param vocabularySize Ids run from 0 to vocabularySize - 1.
 * @param name What the request calls the field.
 * @throws NearvecError `invalid_request` naming the id, e.g. `input[3][5]`.
 */
export function checkVocabulary(value: EmbeddingInputField, vocabularySize: number, name = "input"): void {
  const inputs = listInputs(value);
  if (typeof inputs[0] === "string") return;
  inputs.forEach((ids, i) => {
    for (let j = 0; j < ids.length; j++) {
      const id = ids[j] as number;
      if (id < vocabularySize) continue;
      const param = inputPath(name, isList(value) ? [i, j] : [j]);
      throw new NearvecError(
        "invalid_request",
        `Expected ${param} to be a token id below ${vocabularySize}, the size of the model's vocabulary, got ${id}. ` +
          "Ids of another tokenizer mean nothing to this model: send the text instead.",
        { param },
      );
    }
  });
}
