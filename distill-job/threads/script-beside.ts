/** Finds a script that runs in a thread or process of its own: TypeScript in a checkout, JavaScript in the package. */
import { extname } from "node:path";

/**
 * @param url `import.meta.url` of the file beside it
 * @param name of the script's file, without an extension
 * @example
 * ```ts
 * new Worker(scriptBeside(import.meta.url, "row-worker"));
 * ```
 */
export function scriptBeside(url: string, name: string): URL {
  return new URL(`./${name}${extname(new URL(url).pathname)}`, url);
}
