/** What holds for the whole page: bytes, caching, policy, keys, colours, narrow screens, a worker that asks for a key. */
import type { Browser, Request } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchChromium } from "./chromium.ts";
import { type PlaygroundWorker, runPlaygroundWorker } from "./playground-worker.ts";
import { visit } from "./visit.ts";

let browser: Browser;
let worker: PlaygroundWorker;

beforeAll(async () => {
  [browser, worker] = await Promise.all([launchChromium(), runPlaygroundWorker()]);
});
afterAll(async () => {
  await browser?.close();
  await worker?.stop();
});

const views = ["compare", "tokens", "search", "map", "statistics"];

/** Bytes of an answer, as they came over the wire and as they are without compression; headers included. */
async function bytesOf(request: Request): Promise<{ sent: number; plain: number }> {
  const { responseBodySize, responseHeadersSize } = await request.sizes();
  const body = await (await request.response())!.body();
  return { sent: responseBodySize + responseHeadersSize, plain: body.length + responseHeadersSize };
}

test("the first screen is at most 100 KB, even uncompressed, the worker's answers included", async () => {
  const { page, close } = await visit(browser, "about:blank");
  const requests: Request[] = [];
  page.on("requestfinished", (request) => requests.push(request));
  await page.goto(worker.url, { waitUntil: "networkidle" });
  await page.locator(".heatmap td").first().waitFor();
  const bytes = await Promise.all(requests.map(bytesOf));
  const [sent, plain] = (["sent", "plain"] as const).map((kind) =>
    bytes.reduce((sum, one) => sum + one[kind], 0),
  );
  console.log(`first screen: ${requests.length} answers, ${sent} bytes, ${plain} uncompressed`);
  // Page, style, script and what the worker says to it: less would mean that something was not counted.
  expect(requests.length).toBeGreaterThanOrEqual(6);
  expect(plain).toBeGreaterThan(40_000);
  expect(plain).toBeLessThanOrEqual(100_000);
  expect(sent).toBeLessThanOrEqual(plain!);
  await close();
});

test("files have names of their content and are kept for good, the page is asked after", async () => {
  const headers = { accept: "text/html" };
  const answer = await fetch(`${worker.url}/`, { headers });
  const page = await answer.text();
  expect(answer.headers.get("cache-control")).toBe("no-cache");
  expect(answer.headers.get("vary")).toBe("accept");
  const etag = answer.headers.get("etag")!;
  const again = await fetch(`${worker.url}/`, { headers: { ...headers, "if-none-match": etag } });
  expect([again.status, await again.text()]).toEqual([304, ""]);
  const files = [...page.matchAll(/(?:href|src)="(playground\/[^"]+)"/g)].map(([, file]) => file!);
  expect(files.length).toBe(3);
  for (const file of files) {
    expect(file).toMatch(/-[0-9A-Za-z]{8}\.(?:js|css|svg)$/);
    const { status, headers } = await fetch(`${worker.url}/${file}`);
    expect([status, headers.get("cache-control")]).toEqual([200, "public, max-age=31536000, immutable"]);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  }
  expect((await fetch(`${worker.url}/playground/app-00000000.js`)).status).toBe(404);
});

test("the policy lets nothing of a stranger run", async () => {
  const { page, complaints, close } = await visit(browser, worker.url);
  await page.locator(".heatmap td").first().waitFor();
  expect(complaints()).toEqual([]);
  const ran = await page.evaluate(`(() => {
    const script = document.createElement("script");
    try { script.textContent = "globalThis.ran = true"; } catch {}
    document.head.append(script);
    try { document.body.insertAdjacentHTML("beforeend", "<b>markup</b>"); globalThis.ran = true; } catch {}
    return globalThis.ran ?? false;
  })()`);
  expect(ran).toBe(false);
  expect(complaints().join()).toMatch(/TrustedScript|script-src/);
  await close();
});

describe("keyboard", () => {
  test("numbers go to the views, ? shows the keys, Esc closes, / begins to type", async () => {
    const { page, complaints, close } = await visit(browser, worker.url);
    await page.locator(".heatmap td").first().waitFor();
    for (const [i, view] of views.entries()) {
      await page.keyboard.press(String(i + 1));
      await page.locator(`nav a[href="#${view}"][aria-current="page"]`).waitFor();
    }
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).getByText("copy the code").waitFor();
    await page.keyboard.press("Escape");
    expect(await page.getByRole("dialog").count()).toBe(0);
    await page.keyboard.press("2");
    await page.locator(".tokens .token").first().waitFor();
    await page.keyboard.press("/");
    expect(await page.evaluate("document.activeElement.tagName")).toBe("TEXTAREA");
    // While one types, a key is a letter.
    await page.keyboard.type("3");
    expect(page.url()).toContain("#tokens");
    expect(complaints()).toEqual([]);
    await close();
  });

  test("single keys can be switched off, but for the one that switches them on", async () => {
    const { page, close } = await visit(browser, worker.url);
    await page.locator(".heatmap td").first().waitFor();
    await page.keyboard.press("?");
    await page.getByLabel("Single keys do something").uncheck();
    await page.keyboard.press("Escape");
    await page.keyboard.press("2");
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    expect(page.url()).not.toContain("tokens");
    await close();
  });

  test("everything can be reached by Tab, in the order in which it is read, and shows that it has the focus", async () => {
    const { page, close } = await visit(browser, worker.url);
    await page.locator(".heatmap td").first().waitFor();
    const reached: string[] = [];
    for (let i = 0; i < 30; i++) {
      await page.keyboard.press("Tab");
      const [name, visible] = (await page.evaluate(`(() => {
        const focused = document.activeElement;
        const frame = focused.closest(".segments label, .text") ?? focused;
        const shown = [focused, frame, frame.querySelector("span")].some((part) => part && getComputedStyle(part).outlineStyle !== "none");
        return [focused.getAttribute("aria-label") ?? focused.textContent.slice(0, 30) ?? focused.tagName, shown];
      })()`)) as [string, boolean];
      reached.push(name);
      expect([name, visible]).toEqual([name, true]);
      if (name === "Code") break;
    }
    const order = [
      "Skip to the view",
      "Compare",
      "Key for this worker",
      "Text A",
      "Remove text A",
      "Text F",
      "Add a text",
      "Copy code",
      "Code",
    ];
    expect(reached.filter((name) => order.includes(name))).toEqual(order);
    await close();
  });

  test("the first tab stop leads past the head of the page", async () => {
    const { page, close } = await visit(browser, worker.url);
    await page.locator(".heatmap td").first().waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.tagName")).toBe("SELECT");
    await close();
  });
});

test("colours follow the system until one chooses, and stay as chosen", async () => {
  const { page, close } = await visit(browser, worker.url, { colorScheme: "dark" });
  const isDark = async () =>
    Math.max(
      ...((await page.evaluate("getComputedStyle(document.body).backgroundColor")) as string)
        .match(/\d+/g)!
        .map(Number),
    ) < 128;
  expect(await isDark()).toBe(true);
  await page.getByRole("button", { name: "Colours: as the system" }).click();
  expect(await isDark()).toBe(false);
  await page.reload();
  await page.getByRole("button", { name: "Colours: light" }).waitFor();
  expect(await isDark()).toBe(false);
  await close();
});

test("nothing moves for those who ask for that", async () => {
  const { page, close } = await visit(browser, worker.url, { reducedMotion: "reduce" });
  await page.locator(".heatmap td").first().waitFor();
  const moving =
    "[...document.querySelectorAll('*')].filter((one) => { const { animationName, transitionDuration } = getComputedStyle(one); return animationName !== 'none' || transitionDuration !== '0s'; }).length";
  expect(await page.evaluate(moving)).toBe(0);
  await page.emulateMedia({ reducedMotion: "no-preference" });
  expect(await page.evaluate(moving)).toBeGreaterThan(0);
  await close();
});

test.each(views)("%s fits a screen of 360 pixels", async (view) => {
  const options = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };
  const { page, complaints, close } = await visit(browser, `${worker.url}/#${view}`, options);
  await page.locator(".card:visible, .empty:visible").first().waitFor();
  if (view === "search") {
    await page.getByRole("button", { name: /Make a sample/ }).click();
    await page.locator(".result").first().waitFor();
    await page.getByRole("button", { name: "Filter" }).click();
  }
  if (view === "map") await page.getByText("64 points").first().waitFor();
  if (view === "statistics") await page.getByRole("row", { name: /base/ }).waitFor();
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);
  // Nothing sticks out of it, either, and what is to be pressed is large enough for a finger.
  const misfits =
    await page.evaluate(`[...document.querySelectorAll("header *, main *, footer *")].filter((one) => {
    const { left, right, width } = one.getBoundingClientRect();
    return width > 1 && !one.closest("pre, .scroll, .unseen, .skip") && (right > 360.5 || left < -0.5);
  }).map((one) => one.className + ": " + one.textContent.slice(0, 40))`);
  expect(misfits).toEqual([]);
  const small =
    await page.evaluate(`[...document.querySelectorAll("main button, header button, main select")].filter((one) => {
    const { width, height } = one.getBoundingClientRect();
    return width > 0 && (width < 24 || height < 24);
  }).length`);
  expect(small).toBe(0);
  expect(complaints()).toEqual([]);
  await close();
});

test("says what it is without JavaScript", async () => {
  const { page, close } = await visit(browser, worker.url, { javaScriptEnabled: false });
  expect(await page.locator("noscript").textContent()).toContain("The playground needs JavaScript");
  await page.locator('noscript a[href="docs"]').waitFor();
  await close();
});

test("says so when the worker is gone, and goes on when it is back", async () => {
  const { page, close } = await visit(browser, worker.url);
  await page.locator(".heatmap td").first().waitFor();
  await page.route("**/v1/embeddings", (route) => route.abort("connectionrefused"));
  await page.getByRole("textbox", { name: "Text A" }).fill("anything");
  await page.getByRole("alert").getByText("The worker does not answer").waitFor();
  await page.unroute("**/v1/embeddings");
  await page.getByRole("textbox", { name: "Text A" }).fill("anything else");
  await expect.poll(() => page.getByRole("alert").count()).toBe(0);
  await page.locator(".heatmap td").first().waitFor();
  await close();
});
