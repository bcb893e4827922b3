/** The code that each view gives to copy does what it says when it is pasted: curl, TypeScript and Python. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchChromium } from "./chromium.ts";
import { type PlaygroundWorker, runPlaygroundWorker } from "./playground-worker.ts";
import { visit } from "./visit.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));
const hasPython = await run("python3", ["--version"]).then(
  () => true,
  () => false,
);

let browser: Browser;
let worker: PlaygroundWorker;
let folder: string;

beforeAll(async () => {
  [browser, worker] = await Promise.all([launchChromium(), runPlaygroundWorker()]);
  // In the package, which knows itself by its name.
  folder = await mkdtemp(join(root, ".playground-"));
  const { page, close } = await visit(browser, `${worker.url}/#search`);
  await page.getByRole("button", { name: /Make a sample/ }).click();
  await page.locator(".result").first().waitFor();
  await close();
});
afterAll(async () => {
  await browser?.close();
  await worker?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** As a person does: choose the language, press Copy, paste. */
async function copied(hash: string, language: string, key = ""): Promise<string> {
  const { page, complaints, close } = await visit(browser, `${worker.url}/${hash}`);
  await page.evaluate(`sessionStorage.setItem("nearvec-key", ${JSON.stringify(key)})`);
  await page.reload();
  await page.getByRole("radio", { name: language }).check();
  await page.getByRole("button", { name: "Copy code" }).click();
  await page.getByText("Copied").waitFor();
  const code = (await page.evaluate("navigator.clipboard.readText()")) as string;
  expect(code).toBe(await page.locator(".code-panel code").textContent());
  expect(complaints()).toEqual([]);
  await close();
  return code;
}

async function runCode(
  language: string,
  code: string,
  environment: Record<string, string> = {},
): Promise<string> {
  const env = { ...process.env, NO_COLOR: "1", ...environment };
  if (language === "curl") {
    // --fail-with-body: an error is an error here, too.
    const lines = code.replace(/^curl /gm, "curl --silent --show-error --fail-with-body ");
    return (await run("bash", ["-euc", lines], { env })).stdout;
  }
  const file = join(folder, language === "Python" ? "example.py" : "example.ts");
  await writeFile(file, code);
  const [command, flags] = language === "Python" ? ["python3", []] : [process.execPath, ["--no-warnings"]];
  return (await run(command, [...flags, file], { cwd: folder, env })).stdout;
}

const texts = `text=${encodeURIComponent('it\'s a "horse" & more\\n\u{1F40E}')}&text=a+pony`;

/** What each view shows, and what its code prints of it. */
const scenes: readonly { readonly hash: string; readonly prints: RegExp }[] = [
  { hash: "#compare", prints: /0\.75/ },
  { hash: `#compare?${texts}&model=nano`, prints: /1(?:\.0)?/ },
  { hash: "#compare?text=a+horse&text=a+pony&dimensions=64", prints: /0\.\d/ },
  { hash: `#tokens?${texts.split("&")[0]}`, prints: /\d/ },
  {
    hash: `#search?collection=sample-notes&query=pony+in+the+rain&filter=${encodeURIComponent('["year","$gte","2018"]')}&filter=${encodeURIComponent('["outdoors","$eq","true"]')}`,
    prints: /horses-2[\s\S]*puddles/,
  },
  { hash: "#search?collection=sample-notes&like=garden-1", prints: /garden-/ },
  { hash: "#map?collection=sample-notes", prints: /weather-8[\s\S]*it poured for three days/ },
  { hash: "#statistics", prints: /base/ },
];

describe.each(["curl", "TypeScript", ...(hasPython ? ["Python"] : [])])("%s", (language) => {
  test.each(scenes)("of $hash", async ({ hash, prints }) => {
    expect(await runCode(language, await copied(hash, language))).toMatch(prints);
  });

  test("takes a key from a variable, and never has it in itself", async () => {
    const code = await copied("#compare?text=a&text=b", language, "secret-of-mine");
    expect(code).toContain("NEARVEC_KEY");
    expect(code).not.toContain("secret-of-mine");
    expect(await runCode(language, code, { NEARVEC_KEY: "secret-of-mine" })).toMatch(/1\.?0?/);
    // Without it nothing is sent, or nothing that could be taken for a key.
    expect(await copied("#compare?text=a&text=b", language)).not.toContain("NEARVEC_KEY");
  });
});
