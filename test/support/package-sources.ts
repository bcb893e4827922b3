/** What each entry of the package is made of: dist/ has a file for each of the sources, in the same folders. */
import packageJson from "../../package.json" with { type: "json" };

/** Paths of sources below the root, by the subpath that they are imported as. */
export const packageSources: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(packageJson.exports)
    .map(([subpath, target]) => [subpath, typeof target === "string" ? target : target.workerd] as const)
    .filter(([, target]) => target.endsWith(".js"))
    .map(([subpath, target]) => [subpath, target.replace("./dist/", "").replace(/\.js$/, ".ts")]),
);
