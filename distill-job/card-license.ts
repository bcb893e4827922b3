/** The licence that a model's card names. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** The `license` in the front matter of README.md; undefined if there is none. */
export async function readCardLicense(directory: string): Promise<string | undefined> {
  const text = await readFile(join(directory, "README.md"), "utf8").catch(() => "");
  const frontMatter = /^---\r?\n([\s\S]*?)\r?\n---/.exec(text)?.[1];
  return frontMatter === undefined ? undefined : /^license: *["']?([\w.-]+)/m.exec(frontMatter)?.[1];
}
