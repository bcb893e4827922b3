/** The README's example does what it says, as pasted. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

it("encodes in process with the default model", async () => {
  const readme = await readFile(join(root, "README.md"), "utf8");
  const example = [...readme.matchAll(/```ts\n(.*?)```/gs)]
    .map(([, code]) => code!)
    .find((code) => code.includes("StaticModel.load"));
  const folder = await mkdtemp(join(root, ".readme-"));
  try {
    const script = join(folder, "example.ts");
    await writeFile(
      script,
      `${example}\nconsole.log(JSON.stringify([...model.encode("a horse in the rain")]));\n`,
    );
    const { stdout } = await promisify(execFile)(process.execPath, ["--conditions=nearvec-source", script], {
      cwd: root,
    });
    const vector: number[] = JSON.parse(stdout);
    expect(vector.length).toBe(256);
    expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
  } finally {
    await rm(folder, { recursive: true });
  }
});
