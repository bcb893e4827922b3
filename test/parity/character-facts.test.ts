/** The committed facts about characters are what the native tokenizer says today. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { characterFactsModule } from "./generators/character-facts.ts";

it("are what the generator makes", () => {
  const file = new URL("../../shared/tokenizer/character-facts.generated.ts", import.meta.url);
  expect(readFileSync(file, "utf8") === characterFactsModule()).toBe(true);
});
