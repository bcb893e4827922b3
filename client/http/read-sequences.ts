/** Reads the answers about tokens, with as little belief in them as in any other vectors. */
import { decodeFloatsFromBase64 } from "../../shared/api/base64.ts";
import { expectField, expectList } from "./expect-answer.ts";

/** A token of a text. */
export interface Token {
  readonly id: number;
  /** As the vocabulary has it, `##` and `▁` included. */
  readonly text: string;
}

interface SequenceAnswer {
  readonly data: readonly {
    readonly index: number;
    readonly shape: readonly [tokens: number, dimensions: number];
    readonly embedding: string;
  }[];
}

/**
 * @returns for each text, in order, a vector for each of its tokens
 * @throws Error saying what is wrong with the answer
 */
export function readSequences(
  answer: unknown,
  count: number,
  dimensions: number | undefined,
): Float32Array[][] {
  return expectList(answer as SequenceAnswer, "data", count).map((element, index) => {
    expectField(element, "index", (value) => value === index);
    const [tokens, width] = expectList(element, "shape", 2);
    const floats = typeof element.embedding === "string" ? decodeFloatsFromBase64(element.embedding) : null;
    if (floats === null || !Number.isInteger(tokens) || floats.length !== tokens * width) {
      throw new Error(`sequence ${index} is not base64 of ${tokens} x ${width} float32 values.`);
    }
    if (dimensions !== undefined && width !== dimensions) {
      throw new Error(`sequence ${index} has ${width} dimensions, expected ${dimensions}.`);
    }
    if (!floats.every(Number.isFinite)) throw new Error(`sequence ${index} has values that are not finite.`);
    return Array.from({ length: tokens }, (_, token) => floats.subarray(token * width, (token + 1) * width));
  });
}

/** @throws Error saying what is wrong with the answer */
export function readTokens(answer: unknown, count: number): Token[][] {
  return expectList({ answer: answer as Token[][] }, "answer", count).map((tokens) =>
    expectList({ tokens }, "tokens").map((token) => {
      expectField(token, "id", (id) => Number.isInteger(id) && (id as number) >= 0);
      expectField(token, "text", (text) => typeof text === "string");
      return { id: token.id, text: token.text };
    }),
  );
}
