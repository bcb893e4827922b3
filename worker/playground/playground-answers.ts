/** The playground as answers: the page, told where the app is mounted, and its files, which never change under their names. */
import type { AppContext } from "../environment.ts";
import { playgroundFiles, playgroundPage, playgroundPageDigest } from "./playground-files.generated.ts";

/** What the page may do: run its own script and style, ask its own worker, and nothing else. */
export const playgroundPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

/** The page. Its ETag is that of the build, so that a visit again costs a 304. */
export function answerPlaygroundPage(c: AppContext): Response {
  return c.html(playgroundPage.replaceAll("{{base}}", pathToApp(new URL(c.req.url).pathname)), 200, {
    "cache-control": "no-cache",
    "content-security-policy": playgroundPolicy,
    etag: `"${playgroundPageDigest}"`,
    "referrer-policy": "no-referrer",
    vary: "accept",
    "x-content-type-options": "nosniff",
  });
}

/** A file of the page; undefined if there is none of that name. */
export function answerPlaygroundFile(c: AppContext, name: string): Response | undefined {
  if (!Object.hasOwn(playgroundFiles, name)) return undefined;
  const { type, text } = playgroundFiles[name]!;
  return c.body(text, 200, {
    "cache-control": "public, max-age=31536000, immutable",
    "content-type": `${type}; charset=utf-8`,
    "x-content-type-options": "nosniff",
  });
}

/**
 * What leads from the page to the app: nothing from `/`, `embed/` from `/embed`. Relative, for a proxy in front may have
 * taken away the beginning of the path.
 */
function pathToApp(pathname: string): string {
  const last = pathname.slice(pathname.lastIndexOf("/") + 1);
  return last === "" ? "" : `${last}/`;
}
