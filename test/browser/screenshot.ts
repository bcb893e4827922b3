/** `npm run screenshot`: docs/playground.png and docs/playground-dark.png, which the README shows. */
import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { launchChromium } from "./chromium.ts";
import { runPlaygroundWorker } from "./playground-worker.ts";
import { visit } from "./visit.ts";

/** Bytes of a picture: a README should not take longer to load than the page that it shows. */
const maxPictureBytes = 200_000;

const docs = fileURLToPath(new URL("../../docs/", import.meta.url));
const pictures = [
  { file: "playground.png", colorScheme: "light" },
  { file: "playground-dark.png", colorScheme: "dark" },
] as const;

const [browser, worker] = await Promise.all([launchChromium(), runPlaygroundWorker()]);
try {
  for (const { file, colorScheme } of pictures) {
    const { page, complaints, close } = await visit(browser, worker.url, {
      colorScheme,
      viewport: { width: 1120, height: 790 },
      deviceScaleFactor: 1.25,
      reducedMotion: "reduce",
      // Scroll bars belong to the system that the picture is made on.
      hasTouch: true,
      isMobile: true,
    });
    await page.locator(".heatmap td").first().waitFor();
    // The first answer loads the model; the picture is of the second.
    await page.getByLabel("Dimensions").selectOption("128");
    await page
      .getByText(/128 dimensions/)
      .last()
      .waitFor();
    await page.getByLabel("Dimensions").selectOption("");
    await page.getByText("base, 256 dimensions").waitFor();
    await page.screenshot({ path: docs + file });
    const { size } = statSync(docs + file);
    console.log(`${file}: ${size} bytes`);
    if (size > maxPictureBytes) throw new Error(`Expected at most ${maxPictureBytes} bytes, got ${size}.`);
    const wrong = complaints();
    if (wrong.length > 0) throw new Error(`Expected a page without errors, got ${wrong.join("; ")}`);
    await close();
  }
} finally {
  await browser.close();
  await worker.stop();
}
