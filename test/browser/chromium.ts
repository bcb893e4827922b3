/** The browser that the tests drive: one that is installed, for none is downloaded. */
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const usualPaths = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** Nothing from outside, and no sandbox, which root may not have. */
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** @throws Error that says what to install, if there is none. */
export function chromiumPath(): string {
  const named = process.env.CHROMIUM_PATH;
  const found = [...(named === undefined ? [] : [named]), ...(named === undefined ? usualPaths : [])].find(
    existsSync,
  );
  if (found !== undefined) return found;
  throw new Error(
    `Expected a Chromium at ${named ?? `one of ${usualPaths.join(", ")}`}, got none. ` +
      "Install one (`apt-get install chromium` on Debian), or say with CHROMIUM_PATH where it is.",
  );
}

export async function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath(), headless: true, args: flags });
}
