/** The committed facts about graphemes are what the native tokenizer says today. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { graphemeFactsModule } from "./generators/grapheme-facts.ts";

it("are what the generator makes", () => {
  const file = new URL("../../shared/tokenizer/grapheme-facts.generated.ts", import.meta.url);
  expect(readFileSync(file, "utf8") === graphemeFactsModule()).toBe(true);
});
