/** Finds the first thing that is wrong with texts or token ids, without copying them. */
import type { ErrorCode } from "../errors.ts";
import { maxCharactersPerInput, maxCharactersPerRequest, maxTokenIdsPerInput } from "../limits.ts";
import { describeValue } from "./describe-value.ts";

/** What a field takes. */
export interface InputRule {
  /** The field's name in messages. */
  readonly name: string;
  readonly takes: "texts" | "token ids" | "either";
  /** Whether one text, or the token ids of one, may stand alone, without a list around it. */
  readonly single: boolean;
  /** Inputs at most. */
  readonly maxInputs: number;
}

/** The first mistake in a value, and the indices that lead to it. */
export interface InputMistake {
  readonly path: number[];
  readonly message: string;
  readonly params?: { readonly code: ErrorCode };
}

const forms: Readonly<Record<InputRule["takes"], { readonly single: string; readonly list: string }>> = {
  either: {
    single: "a string, an array of strings, an array of token ids or an array of such arrays",
    list: "an array of strings or of arrays of token ids",
  },
  texts: { single: "a string or an array of strings", list: "an array of strings" },
  "token ids": { single: "an array of token ids or an array of such arrays", list: "an array of token ids" },
};

const elements = { either: "a string or token ids", texts: "a string", "token ids": "token ids" } as const;

/** Undefined if nothing is wrong. Whether the ids are in the vocabulary, only the model knows. */
export function findInputMistake(value: unknown, rule: InputRule): InputMistake | undefined {
  const { name, takes, single, maxInputs } = rule;
  if (typeof value === "string" && single && takes !== "token ids") return findTextMistake(value, [], name);
  if (!Array.isArray(value)) return mistake(name, [], forms[takes][single ? "single" : "list"], value);
  const first: unknown = value[0];
  if (value.length === 0) return empty(name, [], value);
  if (takes !== "texts" && single && !isElement(first)) return findTokenIdsMistake(value, [], name);
  if (value.length > maxInputs) {
    const found = mistake(
      name,
      [],
      `at most ${maxInputs} inputs (send the rest in another request)`,
      value.length,
    );
    return { ...found, params: { code: "too_many_inputs" } };
  }
  const texts = typeof first === "string";
  if (takes !== "either" && texts !== (takes === "texts")) return mistake(name, [0], elements[takes], first);
  if (!texts && !Array.isArray(first)) return mistake(name, [0], elements[takes], first);
  let characters = 0;
  for (let i = 0; i < value.length; i++) {
    const element: unknown = value[i];
    let found: InputMistake | undefined;
    if (texts && typeof element === "string") found = findTextMistake(element, [i], name);
    else if (!texts && Array.isArray(element)) found = findTokenIdsMistake(element, [i], name);
    else {
      const kind = texts ? "a string" : "an array of token ids";
      found = mistake(name, [i], `${kind}, as ${name}[0] is`, element);
    }
    if (found !== undefined) return found;
    if (texts) characters += (element as string).length;
    if (characters > maxCharactersPerRequest) {
      const limit = `at most ${maxCharactersPerRequest} UTF-16 units in all (send the rest in another request)`;
      return { ...mistake(name, [], limit, "more"), params: { code: "too_many_inputs" } };
    }
  }
  return undefined;
}

/** Whether a list that begins with this is a list of inputs, rather than one input's token ids. */
function isElement(first: unknown): boolean {
  return typeof first === "string" || (typeof first === "object" && first !== null);
}

/** What is wrong with one text. */
export function findTextMistake(text: string, path: number[], name: string): InputMistake | undefined {
  if (text.length === 0) {
    const found = mistake(name, path, "a text with at least one character", text);
    return { ...found, params: { code: "empty_input" } };
  }
  if (text.length <= maxCharactersPerInput) return undefined;
  const limit = `at most ${maxCharactersPerInput} UTF-16 units long (split the text)`;
  return mistake(name, path, limit, text.length);
}

function findTokenIdsMistake(
  ids: readonly unknown[],
  path: number[],
  name: string,
): InputMistake | undefined {
  if (ids.length === 0) return empty(name, path, ids);
  if (ids.length > maxTokenIdsPerInput) {
    return mistake(name, path, `at most ${maxTokenIdsPerInput} token ids (split the text)`, ids.length);
  }
  const wrong = ids.findIndex((id) => !Number.isInteger(id) || (id as number) < 0);
  return wrong < 0 ? undefined : mistake(name, [...path, wrong], "a token id, an integer from 0", ids[wrong]);
}

function empty(name: string, path: number[], got: unknown): InputMistake {
  const found = mistake(name, path, "at least one element", got);
  return { ...found, params: { code: "empty_input" } };
}

/** Says what was expected and what came; for a picture, that it is no use to send one. */
export function mistake(name: string, path: number[], expected: string, got: unknown): InputMistake {
  const where = inputPath(name, path);
  if (typeof got === "object" && got !== null && ("image" in got || "image_url" in got)) {
    return {
      path,
      message: `Expected ${where} to be text, got an image: a static model has vectors for words and nothing else.`,
      params: { code: "not_supported" },
    };
  }
  return { path, message: `Expected ${where} to be ${expected}, got ${describeValue(got)}.` };
}

/** `input[3][5]` */
export function inputPath(name: string, path: readonly number[]): string {
  return `${name}${path.map((index) => `[${index}]`).join("")}`;
}
