/** What every client must embed, and give back bit for bit as the model makes it in process; and what it must refuse. */
import { tinyDimensions } from "../workerd/tiny-model.ts";
import type { EmbedRequest } from "./tested-clients.ts";

export interface ClientCase {
  readonly name: string;
  readonly texts: readonly string[];
  readonly dimensions?: number;
}

export const clientCases: readonly ClientCase[] = [
  { name: "one text", texts: ["hello world"] },
  { name: "several, in their order", texts: ["the edge is near", "hello", "a vector", "hello"] },
  { name: "fewer dimensions", texts: ["hello world", "far"], dimensions: 3 },
  { name: "none of its tokens known, so zeros", texts: ["ünknöwn", "hello"] },
  {
    name: "Chinese, accents, emoji",
    texts: ["世界 hello", "héllo wörld", "🙂 the edge 👩‍👩‍👧", "ｈｅｌｌｏ"],
  },
  { name: "what JSON escapes", texts: ['a "vector" \\ \t near \u0000 far \u2028 the'] },
  { name: "half a surrogate pair", texts: ["hello \ud83d world", "\udc00"] },
  { name: "longer than the model reads", texts: ["far near ".repeat(5000)] },
  { name: "a text that is the megabyte that a text may be", texts: ["near far edge ".repeat(70_000)] },
  {
    name: "all that one request takes",
    texts: Array.from({ length: 2048 }, (_, i) => `hello ${"vector ".repeat(i % 5)}`),
  },
];

/** For clients that split what is too much. */
export const splitCase: ClientCase = {
  name: "more than one request takes",
  texts: Array.from({ length: 2100 }, (_, i) => "hello edge ".repeat(1 + (i % 7))),
};

export interface RefusedCase {
  readonly name: string;
  readonly texts: readonly string[];
  readonly request?: EmbedRequest;
  readonly status: number;
  readonly message: RegExp;
}

export const refusedCases: readonly RefusedCase[] = [
  { name: "an empty text", texts: [""], status: 400, message: /at least one character/ },
  {
    name: "more dimensions than there are",
    texts: ["hello"],
    request: { dimensions: tinyDimensions + 1 },
    status: 400,
    message: /from 1 to 8, got 9/,
  },
];

/** A model in process is only ever itself. */
export const wrongModelCase: RefusedCase = {
  name: "a model that is not there",
  texts: ["hello"],
  request: { model: "absent" },
  status: 404,
  message: /a model that is there, got \\?"absent/,
};

/** For clients that split nothing. */
export const tooManyCase: RefusedCase = {
  name: "too many texts",
  texts: new Array<string>(2049).fill("a"),
  status: 400,
  message: /at most 2048 inputs/,
};
