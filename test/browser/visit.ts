/** A page as a visitor has it, and what must not happen on it: errors in the console, violations of its policy. */
import type { Browser, BrowserContextOptions, Page } from "playwright-core";

export interface Visit {
  readonly page: Page;
  /** What went wrong in the page so far. Reading it forgets it, for tests that provoke an error. */
  complaints(): string[];
  close(): Promise<void>;
}

export async function visit(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    permissions: ["clipboard-read", "clipboard-write"],
    ...options,
  });
  const page = await context.newPage();
  const all: string[] = [];
  page.on("pageerror", (error) => all.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") all.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin) all.push(`went elsewhere: ${request.url()}`);
  });
  // Some violations are told to the page and not to the console.
  await page.exposeFunction("tellViolation", (text: string) => all.push(`policy: ${text}`));
  await page.addInitScript(
    'addEventListener("securitypolicyviolation", (event) => tellViolation(event.violatedDirective + " " + event.blockedURI))',
  );
  await page.goto(url);
  return {
    page,
    complaints: () => all.splice(0),
    close: () => context.close(),
  };
}
