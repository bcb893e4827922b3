/** What every client must embed, and give back bit for bit as the model makes it in process. */

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
  {
    name: "more than one request takes",
    texts: Array.from({ length: 2100 }, (_, i) => "hello edge ".repeat(1 + (i % 7))),
  },
];
