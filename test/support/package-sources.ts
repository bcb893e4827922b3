/** What each entry of the package is made of, which `node --conditions=nearvec-source` takes in its place. */
import packageJson from "../../package.json" with { type: "json" };

/** Paths of sources below the root, by the subpath that they are imported as. */
export const packageSources: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(packageJson.exports).flatMap(([subpath, target]) =>
    typeof target === "string" ? [] : [[subpath, target["nearvec-source"].replace("./", "")]],
  ),
);
