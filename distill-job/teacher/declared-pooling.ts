/** How a Sentence Transformers model says that it pools: 1_Pooling/config.json. */
import { NearvecError } from "../../shared/errors.ts";
import type { Pooling } from "./pooling.ts";

/** Where it says so, in its directory. */
export const poolingConfigPath = "1_Pooling/config.json";

/** Its switches that nearvec has a pooling for. */
const modes: Readonly<Record<string, Pooling>> = {
  pooling_mode_mean_tokens: "mean",
  pooling_mode_cls_token: "cls",
  pooling_mode_lasttoken: "last",
};

/**
 * The pooling to use: what was asked for, else what the teacher declares, else the mean.
 *
 * Source: Sentence Transformers, `models/Pooling.py`: one switch per mode; several put their vectors side by side.
 *
 * @param asked what the user wants; wins over everything
 * @param teacher its `poolingConfig` is the content of 1_Pooling/config.json, or undefined
 * @throws NearvecError teacher_invalid if it declares what nearvec cannot do
 */
export function choosePooling(
  asked: Pooling | undefined,
  { poolingConfig }: { readonly poolingConfig: string | undefined },
): Pooling {
  if (asked !== undefined) return asked;
  if (poolingConfig === undefined) return "mean";
  const declared = Object.entries(parse(poolingConfig))
    .filter(([name, value]) => name.startsWith("pooling_mode_") && value === true)
    .map(([name]) => name);
  const pooling = modes[declared[0] ?? ""];
  if (declared.length === 1 && pooling !== undefined) return pooling;
  throw invalid(
    `one of ${Object.keys(modes).join(", ")} in ${poolingConfigPath}, got ${declared.join(", ") || "none"}`,
  );
}

function parse(text: string): object {
  try {
    const config: unknown = JSON.parse(text);
    if (typeof config === "object" && config !== null) return config;
  } catch {
    // Said below: what it is instead does not matter.
  }
  throw invalid(`a JSON object in ${poolingConfigPath}, got something else`);
}

function invalid(expectation: string): NearvecError {
  return new NearvecError("teacher_invalid", `Expected ${expectation}. Say how it pools with --pooling.`, {
    param: "pooling",
  });
}
