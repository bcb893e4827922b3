/** The version of nearvec that is serving. */
import packageJson from "../package.json" with { type: "json" };

export const { version } = packageJson;
