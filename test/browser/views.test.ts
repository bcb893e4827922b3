/** Every view of the playground, used as a person uses it, in both colour schemes. */
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { launchChromium } from "./chromium.ts";
import { type PlaygroundWorker, runPlaygroundWorker } from "./playground-worker.ts";
import { type Visit, visit } from "./visit.ts";

let browser: Browser;
let worker: PlaygroundWorker;
let open: Visit;

beforeAll(async () => {
  [browser, worker] = await Promise.all([launchChromium(), runPlaygroundWorker()]);
});
afterAll(async () => {
  await browser?.close();
  await worker?.stop();
});
afterEach(async () => {
  const complaints = open.complaints();
  await open.close();
  expect(complaints).toEqual([]);
});

async function go(hash = "", options: Parameters<typeof visit>[2] = {}): Promise<Visit["page"]> {
  open = await visit(browser, `${worker.url}/${hash}`, options);
  return open.page;
}

/** What the worker itself says, asked beside the page. */
async function ask<Body>(path: string, body?: unknown): Promise<Body> {
  const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  const response = await fetch(worker.url + path, {
    ...init,
    headers: { "content-type": "application/json" },
  });
  return (await response.json()) as Body;
}

describe("compare", () => {
  test("shows the cosines that the worker computes, in a table with headers", async () => {
    const page = await go();
    const cells = page.locator(".heatmap tbody td");
    await cells.first().waitFor();
    const texts = await page
      .locator(".texts textarea")
      .evaluateAll((all) => all.map((area) => (area as unknown as { value: string }).value));
    const { similarities } = await ask<{ similarities: number[][] }>("/v1/similarity", { input: texts });
    expect(texts.length).toBeGreaterThan(3);
    expect((await cells.allTextContents()).map((cell) => Number(cell.replace("−", "-")))).toEqual(
      similarities.flat().map((value) => Number(value.toFixed(2)) || 0),
    );
    await page.getByRole("rowheader", { name: "A" }).waitFor();
    await page.locator("main").getByText("A and B are closest").waitFor();
    await page
      .locator("main")
      .getByText(/ms there and back/)
      .waitFor();
  });

  test("follows typing: Enter adds a text, a text and itself have the cosine 1", async () => {
    const page = await go();
    await page.getByRole("textbox", { name: "Text F" }).click();
    await page.keyboard.press("Enter");
    await page.keyboard.type("A horse stands in the rain.");
    await page.locator("main").getByText("A and G are closest: 1.00").waitFor();
    await page.getByRole("button", { name: "Remove text G" }).click();
    await page.locator("main").getByText("A and B are closest").waitFor();
  });

  test("asks once for a burst of keystrokes, and aborts what is outdated", async () => {
    const page = await go("#compare?text=a");
    await page.locator("main").getByText("Add a text to compare it with.").waitFor();
    const asked: string[] = [];
    // An answer that takes long is overtaken by the next one.
    await page.route("**/v1/embeddings", async (route) => {
      asked.push(route.request().postData()!);
      if (asked.length === 1) await new Promise((resolve) => setTimeout(resolve, 1500));
      await route.continue().catch(() => {});
    });
    const failed: string[] = [];
    page.on("requestfailed", (request) => failed.push(request.failure()!.errorText));
    const box = page.getByRole("textbox", { name: "Text A" });
    // Faster than any hand, so that a slow machine makes no pauses in it.
    const type = (text: string) =>
      // biome-ignore lint/suspicious/noExplicitAny: runs in the page, whose types are not here.
      box.evaluate((box: any, text) => {
        for (const letter of text) {
          box.value += letter;
          box.dispatchEvent(new Event("input"));
        }
      }, text);
    await type(" horse");
    await expect.poll(() => asked.length).toBe(1);
    await type(" runs");
    await expect.poll(() => asked.length).toBe(2);
    expect(asked.map((body) => JSON.parse(body).input)).toEqual([["a horse"], ["a horse runs"]]);
    await expect.poll(() => failed).toEqual(["net::ERR_ABORTED"]);
    await page.locator("main").getByText("Add a text to compare it with.").waitFor();
  });

  test("keeps model, dimensions and texts in the address, from which a link brings them back", async () => {
    const page = await go();
    await page.locator("main").getByText("A and B are closest").waitFor();
    await page.getByLabel("Dimensions").selectOption("64");
    await page.locator("main").getByText("base, 64 dimensions").waitFor();
    await page.getByRole("textbox", { name: "Text A" }).fill("a & b = c?");
    await expect.poll(() => page.url()).toContain("text=a+%26+b");
    const address = page.url();
    await page.getByLabel("Model").selectOption("nano");
    await page.locator("main").getByText("nano, 256 dimensions").waitFor();
    await page.goto("about:blank");
    await page.goto(address);
    await page.locator("main").getByText("base, 64 dimensions").waitFor();
    expect(await page.getByRole("textbox", { name: "Text A" }).inputValue()).toBe("a & b = c?");
  });

  test("shows the worker's refusal in place, with the request's id and a way on", async () => {
    const page = await go("#compare?text=a&text=b&model=nano&dimensions=64");
    const notice = page.getByRole("alert");
    await notice.getByText(/rotated/).waitFor();
    expect(await notice.textContent()).toMatch(/400 invalid_request/);
    expect(await notice.textContent()).toMatch(/req_[0-9a-f]{32}/);
    // The browser itself writes of every 400 into its console.
    expect(open.complaints().filter((text) => !text.includes("status of 400"))).toEqual([]);
    await notice.getByRole("button", { name: "Use all dimensions" }).click();
    await page.locator("main").getByText("nano, 256 dimensions").waitFor();
    expect(await notice.count()).toBe(0);
  });

  test("takes any text as text, never as markup", async () => {
    const page = await go(`#compare?text=${encodeURIComponent('<img src=x onerror="alert(1)">')}&text=b`);
    await page.locator("main").getByText("A and B are closest").waitFor();
    expect(await page.locator("main img").count()).toBe(0);
  });
});

describe("tokens", () => {
  test("shows each token with its weight, and marks those that are left out", async () => {
    const page = await go(`#tokens?text=${encodeURIComponent("the unbelievable 𓀀 horse")}`);
    const tokens = page.locator(".tokens .token");
    await tokens.first().waitFor();
    const [given] = await ask<{ id: number; text: string }[][]>("/tokenize", {
      inputs: "the unbelievable 𓀀 horse",
    });
    expect(await tokens.count()).toBe(given!.length);
    expect(await page.locator(".token.unknown[role=option]").count()).toBe(1);
    await page.locator("main").getByText("1 unknown").waitFor();
    const { data } = await ask<{ data: { token_ids: number[]; embedding: number[][] }[] }>(
      "/v1/encode_as_sequence",
      {
        input: "the unbelievable 𓀀 horse",
      },
    );
    const { token_ids: ids, embedding } = data[0]!;
    await page.getByRole("option", { name: /^horse/ }).hover();
    const detail = await page.locator(".token-detail").textContent();
    expect(detail).toContain(`id${ids.at(-1)}`);
    expect(detail).toContain(`weight${Math.hypot(...embedding.at(-1)!).toFixed(3)}`);
  });

  test("goes from token to token by arrow keys, with one tab stop for all", async () => {
    const page = await go("#tokens?text=one+two+three");
    await page.locator(".tokens .token").first().waitFor();
    expect(await page.locator('[role=option][tabindex="0"]').count()).toBe(1);
    await page.getByRole("textbox", { name: "Text" }).focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("End");
    expect(await page.locator(".token-detail").textContent()).toContain("three");
    await page.keyboard.press("ArrowLeft");
    expect(await page.locator(".token-detail").textContent()).toContain("two");
  });
});

describe("search", () => {
  test("makes the sample, finds by meaning and words, and says why", async () => {
    const page = await go("#search");
    await page.locator("main").getByText("No collection yet").waitFor();
    await page.getByRole("button", { name: /Make a sample/ }).click();
    const results = page.locator(".result");
    await results.first().waitFor();
    await page.locator("main").getByText("64 documents").waitFor();
    await page.getByRole("searchbox").fill("pony in the rain");
    await results.first().getByText("horses-2").waitFor();
    expect(await results.first().locator("mark").allTextContents()).toEqual(["pony"]);
    expect(await results.first().locator(".why").textContent()).toMatch(/meaning 0\.\d\d.*words \d+\.\d/);
    // Both parts of the bar, which together are the score.
    const score = Number(await results.first().locator(".score").textContent());
    const shares = await results
      .first()
      .locator(".bar i")
      .evaluateAll((bars) =>
        bars.map((bar) => Number.parseFloat((bar as unknown as { style: { width: string } }).style.width)),
      );
    expect(Math.min(...shares)).toBeGreaterThan(0);
    expect(shares.reduce((a, b) => a + b) / 100).toBeCloseTo(score, 2);
  });

  test("filters by declared fields, each with the operators of its type", async () => {
    const page = await go("#search?collection=sample-notes&query=rain");
    const metas = page.locator(".result-head");
    await metas.first().waitFor();
    await page.getByRole("button", { name: "Filter" }).click();
    await page.getByLabel("Field of condition 1").selectOption("year");
    await page.getByLabel("Operator of condition 1").selectOption("$gte");
    await page.getByLabel("Value of condition 1").fill("2022");
    const years = async () =>
      (await metas.allTextContents()).map((text) => Number(/year (\d+)/.exec(text)![1]));
    await expect.poll(async () => Math.min(...(await years()))).toBeGreaterThanOrEqual(2022);
    await page.getByRole("button", { name: "Filter" }).click();
    await page.getByLabel("Field of condition 2").selectOption("outdoors");
    await page.getByLabel("Value of condition 2").selectOption("false");
    await expect
      .poll(async () => (await metas.allTextContents()).every((text) => text.includes("outdoors false")))
      .toBe(true);
    expect(await metas.count()).toBeGreaterThan(0);
    // The address has it all.
    const count = await metas.count();
    await page.reload();
    await expect.poll(() => metas.count()).toBe(count);
    expect(await page.getByLabel("Value of condition 1").inputValue()).toBe("2022");
  });

  test("weighs meaning against words, and searches by either alone", async () => {
    const page = await go("#search?collection=sample-notes&query=central+bank");
    const slider = page.getByRole("slider");
    await page.locator(".result").first().waitFor();
    await slider.fill("0");
    await page.locator("main").getByText("Weight of meaning: 0.00").waitFor();
    await expect.poll(() => page.locator(".result .score").first().textContent()).toBe("1.000");
    await page.getByRole("radio", { name: "Words" }).check();
    await expect.poll(() => page.locator(".result").count()).toBe(2);
    expect(await page.locator(".result mark").count()).toBeGreaterThan(0);
    expect(await slider.isVisible()).toBe(false);
    await page.getByRole("radio", { name: "Meaning" }).check();
    await expect.poll(() => page.locator(".result").count()).toBe(10);
    await page.getByRole("radio", { name: "Both" }).check();
    await page.getByLabel("by rank instead").check();
    await expect
      .poll(async () => Number(await page.locator(".result .score").first().textContent()))
      .toBeLessThan(0.05);
  });

  test("finds more like a result, and goes back by the browser's button", async () => {
    const page = await go("#search?collection=sample-notes&query=tulips");
    await page.getByRole("button", { name: "More like this: garden-1" }).click();
    await page.locator("main").getByText("Documents like").waitFor();
    await expect.poll(() => page.locator(".result .id").allTextContents()).not.toContain("garden-1");
    await page.getByRole("link", { name: "Tokens" }).click();
    await page.locator(".tokens .token").first().waitFor();
    await page.goBack();
    await page.locator("main").getByText("Documents like").waitFor();
  });

  test("makes a collection with fields, adds documents, finds them at once, deletes it", async () => {
    const page = await go("#search?collection=sample-notes");
    await page.getByRole("button", { name: "Collection", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name", { exact: true }).fill("sample-notes");
    await dialog.getByRole("button", { name: "Make it" }).click();
    await dialog.getByRole("alert").getByText(/409/).waitFor();
    open.complaints();
    await dialog.getByLabel("Name", { exact: true }).fill("mine");
    await dialog.getByRole("button", { name: "Field" }).click();
    await dialog.getByLabel("Name of field 1").fill("year");
    await dialog.getByLabel("Type of field 1").selectOption("number");
    await dialog.getByRole("button", { name: "Make it" }).click();
    await page.locator("main").getByText("0 documents").waitFor();
    await page.getByRole("button", { name: "Documents", exact: true }).click();
    await dialog
      .getByLabel("Documents")
      .fill('a horse in the rain\n{"id": "b", "text": "bread and butter", "metadata": {"year": 1999}}');
    await dialog.getByLabel("year").fill("2024");
    await dialog.getByRole("button", { name: "Add them" }).click();
    await page.locator("main").getByText("2 documents").waitFor();
    await page.getByRole("searchbox").fill("butter");
    await page.locator(".result").first().getByText("year 1999").waitFor();
    expect(await page.locator(".result").nth(1).textContent()).toContain("year 2024");
    // What is wrong with a document is said where it was written.
    await page.getByRole("button", { name: "Documents", exact: true }).click();
    await dialog.getByLabel("Documents").fill('{"id": "c", "text": 7}');
    await dialog.getByRole("button", { name: "Add them" }).click();
    await dialog
      .getByRole("alert")
      .getByText(/documents\[0\]\.text/)
      .waitFor();
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await dialog.getByRole("button", { name: "Delete it" }).click();
    await expect.poll(() => page.getByLabel("Collection").first().inputValue()).toBe("sample-notes");
    expect((await fetch(`${worker.url}/v1/collections/mine`)).status).toBe(404);
  });

  test("says so when a collection is not there", async () => {
    const page = await go("#search?collection=nothing&query=a");
    await page
      .getByRole("alert")
      .getByText(/404 collection_not_found/)
      .waitFor();
    open.complaints();
    await page.getByLabel("Collection").selectOption("sample-notes");
    await page.locator(".result").first().waitFor();
    expect(await page.getByRole("alert").count()).toBe(0);
  });
});

describe("map", () => {
  test("draws a point for each document, shows a query among them, reaches points by pointer and by keys", async () => {
    const page = await go("#map?collection=sample-notes&query=a+pony+in+the+rain");
    await page.locator("main").getByText("64 points").waitFor();
    await page.getByRole("heading", { name: "Nearest to the query" }).waitFor();
    expect(await page.locator(".map-near li").first().textContent()).toContain(
      "A pony that is afraid of puddles",
    );
    expect(await page.locator(".map-legend li").count()).toBe(8);
    const canvas = page.getByRole("application");
    await canvas.focus();
    const detail = page.locator(".map-detail");
    await page.keyboard.press("Home");
    await detail.getByText("horses-2").waitFor();
    const seen = new Set<string>();
    for (const key of ["ArrowDown", "ArrowDown", "ArrowLeft", "ArrowUp", "ArrowRight", "ArrowRight"]) {
      await page.keyboard.press(key);
      seen.add((await detail.locator("h2").textContent())!);
    }
    expect(seen.size).toBeGreaterThan(3);
    // Somewhere across the middle there is a point, and the pointer finds it.
    const before = await detail.locator("h2").textContent();
    const box = (await canvas.boundingBox())!;
    await expect
      .poll(async () => {
        for (let y = 0.1; y < 1; y += 0.05) {
          for (let x = 0.1; x < 1; x += 0.05)
            await page.mouse.move(box.x + x * box.width, box.y + y * box.height);
        }
        return detail.locator("h2").textContent();
      })
      .not.toBe(before);
    await page.getByRole("button", { name: "Search for documents like it" }).click();
    await page.locator("main").getByText("Documents like").waitFor();
  });

  test("draws what the colours are chosen by", async () => {
    const page = await go("#map?collection=sample-notes");
    await page.locator("main").getByText("64 points").waitFor();
    const drawn = async () => {
      await page.evaluate(
        "new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))",
      );
      return (await page.evaluate(colourCount)) as number;
    };
    const byTopic = await drawn();
    await page.getByLabel("Colour by").selectOption("outdoors");
    await expect.poll(() => page.locator(".map-legend li").allTextContents()).toEqual(["false32", "true32"]);
    const byOutdoors = await drawn();
    await page.getByLabel("Colour by").selectOption("");
    await expect.poll(() => page.locator(".map-legend li").count()).toBe(0);
    expect([byTopic, byOutdoors, await drawn()]).toEqual([8, 2, 1]);
    await page.getByLabel("Colour by").selectOption("year");
    await expect.poll(() => page.locator(".map-legend li").count()).toBe(4);
  });

  test("draws a few thousand points within seconds", async () => {
    await ask("/v1/collections", { name: "many", fields: { group: "number" } });
    const words = [
      "horse",
      "bank",
      "bread",
      "moon",
      "rain",
      "code",
      "rose",
      "knee",
      "river",
      "tax",
      "oven",
      "star",
    ];
    for (let start = 0; start < 3000; start += 1000) {
      const documents = Array.from({ length: 1000 }, (_, i) => {
        const n = start + i;
        const text = [0, 1, 2, 3]
          .map((k) => words[(n * (k + 1) + Math.floor(n / 12) * k) % words.length])
          .join(" ");
        return { id: `d${n}`, text: `${text} ${n}`, metadata: { group: n % 3 } };
      });
      await ask("/v1/collections/many/documents", { documents });
    }
    const page = await go("#map?collection=many");
    await page.locator("main").getByText("3,000 points").waitFor();
    await page.getByRole("application").focus();
    await page.keyboard.press("ArrowRight");
    await page.locator(".map-detail h2").waitFor();
  });
});

/** Colours of the canvas that cover more than a few pixels, less the empty ones and what lies between. */
const colourCount = `(() => {
  const drawn = document.querySelector("canvas");
  const canvas = new OffscreenCanvas(drawn.width, drawn.height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(drawn, 0, 0);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  const counts = new Map();
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3] < 200) continue;
    const colour = data.slice(i, i + 3).join();
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  return [...counts.values()].filter((count) => count > 250).length;
})()`;

describe("statistics", () => {
  test("shows models, memory and what has been counted since", async () => {
    const page = await go("#statistics");
    const row = page.getByRole("row", { name: /base/ });
    await row.waitFor();
    const health = await ask<{ models: { id: string; sha256: string }[] }>("/health");
    const { sha256 } = health.models.find(({ id }) => id === "base")!;
    expect(await row.textContent()).toContain(sha256.slice(0, 12));
    expect(await row.textContent()).toMatch(/default.*R2.*256.*8\.\d MiB/);
    const count = async () =>
      Number((await page.locator('section[aria-label="Requests"] .figure').textContent())!.replace(",", ""));
    const before = await count();
    await ask("/v1/embeddings", { input: ["one", "two"] });
    await page.getByRole("button", { name: "Look again" }).click();
    await expect.poll(count).toBeGreaterThan(before);
    await row.getByRole("button", { name: "Copy the SHA-256" }).click();
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe(sha256);
  });
});

describe.each(["light", "dark"] as const)("in %s", (colorScheme) => {
  test("every view is there", async () => {
    const page = await go("", { colorScheme });
    const background = (await page.evaluate("getComputedStyle(document.body).backgroundColor")) as string;
    const lightness = Math.max(...background.match(/\d+/g)!.map(Number));
    expect(lightness > 128).toBe(colorScheme === "light");
    for (const [name, proof] of [
      ["Tokens", ".token-detail dd"],
      ["Search", ".search-view .card"],
      ["Map", ".canvas canvas"],
      ["Statistics", ".figure"],
      ["Compare", ".heatmap td"],
    ] as const) {
      await page.getByRole("link", { name }).click();
      await page.locator(proof).first().waitFor();
      expect(await page.title()).toBe(`${name} · nearvec`);
    }
  });
});
