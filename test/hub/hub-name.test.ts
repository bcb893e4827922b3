/** Names of the hub, and those that only look like them. */
import { expect, test } from "vitest";
import { isHubName, parseHubName } from "../../distill-job/hub/hub-name.ts";

test.each<[string, string, string]>([
  ["hf:minishlab/potion-base-8M", "minishlab/potion-base-8M", "main"],
  ["minishlab/potion-base-8M", "minishlab/potion-base-8M", "main"],
  ["hf:org/name.v1_2@v1.0", "org/name.v1_2", "v1.0"],
  ["hf:org/name@refs/pr/3", "org/name", "refs/pr/3"],
])("%s", (name, repo, revision) => {
  expect(parseHubName(name)).toEqual({ repo, revision });
});

test.each([
  "hf:",
  "hf:name",
  "hf:a/b/c",
  "hf:../name",
  "hf:org/..",
  "hf:org--x/name",
  "hf:org/name@",
  "hf:org/name@../../outside",
  "hf:org/name@a b",
  "hf:org/name@/a",
  "hf:org name/x",
])("%s is refused", (name) => {
  expect(() => parseHubName(name)).toThrow(/^Expected (hf:org\/name|a branch)/);
});

test("a directory is none of them", () => {
  expect(isHubName("teachers/all-MiniLM-L6-v2")).toBe(false);
  expect(isHubName("./hf:org/name")).toBe(false);
  expect(isHubName("hf:org/name")).toBe(true);
});
