/** `node --import` this before a script in the checkout, and `nearvec/client` is its sources: no build is needed. */
import { registerHooks } from "node:module";
import { packageSources } from "./package-sources.ts";

const root = new URL("../../", import.meta.url);

registerHooks({
  resolve(specifier, context, next) {
    const source = packageSources[specifier.replace(/^nearvec(?=\/|$)/, ".")];
    return specifier.startsWith("nearvec") && source !== undefined
      ? next(new URL(source, root).href, context)
      : next(specifier, context);
  },
});
