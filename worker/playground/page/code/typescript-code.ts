/** The beginning of every TypeScript example: the typed client. */
import { type CodeTarget, keyVariable } from "./code-sample.ts";
import { literal, typescriptDialect } from "./literal.ts";

/** @param body What is done with `client`. */
export function typescriptCode({ base, keyed }: CodeTarget, body: string): string {
  const key = keyed ? `,\n  apiKey: process.env.${keyVariable}!,\n` : "";
  const options = keyed
    ? `{\n  baseUrl: ${JSON.stringify(base)}${key}}`
    : `{ baseUrl: ${JSON.stringify(base)} }`;
  return `import { NearvecClient } from "nearvec/client";\n\nconst client = new NearvecClient(${options});\n${body}`;
}

/** A value as TypeScript writes it; an object without fields as nothing at all, for options that may be left out. */
export function typescriptOptions(options: object): string {
  const printed = literal(options, typescriptDialect);
  return printed === "{}" ? "" : `, ${printed}`;
}
