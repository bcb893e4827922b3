/** Where the hub is, who asks, and where its files are kept: from the environment, as in Python. */
import { getHFHubCachePath, HUB_URL } from "@huggingface/hub";
import { NearvecError } from "../../shared/errors.ts";

export interface HubAccess {
  /** Without a slash at its end. */
  readonly endpoint: string;
  /** Sent to the endpoint, and nowhere else. */
  readonly token: string | undefined;
  /** Directory of the cache, in the layout that Python's huggingface_hub reads as well. */
  readonly cache: string;
  /** Whether to do with what the cache has. */
  readonly offline: boolean;
}

/**
 * Reads HF_ENDPOINT, HF_TOKEN, HF_HUB_OFFLINE, and the cache's place from HF_HUB_CACHE, HF_HOME or
 * XDG_CACHE_HOME (by default ~/.cache/huggingface/hub).
 *
 * @throws NearvecError invalid_request
 */
export function hubAccess(): HubAccess {
  const { HF_ENDPOINT, HF_TOKEN, HF_HUB_OFFLINE } = process.env;
  const endpoint = (HF_ENDPOINT || HUB_URL).replace(/\/+$/, "");
  if (!/^https?:$/.test(URL.parse(endpoint)?.protocol ?? "")) {
    throw invalid(`Expected HF_ENDPOINT to be a URL, such as ${HUB_URL}, got ${endpoint}.`, "HF_ENDPOINT");
  }
  const token = HF_TOKEN?.trim() || undefined;
  if (token !== undefined && !/^hf_[\x21-\x7e]+$/.test(token)) {
    throw invalid(
      'Expected HF_TOKEN to be a token of the hub, which begins with "hf_", got something else. Make one in the settings of your account.',
      "HF_TOKEN",
    );
  }
  return {
    endpoint,
    token,
    cache: getHFHubCachePath(),
    offline: /^(1|on|yes|true)$/i.test(HF_HUB_OFFLINE ?? ""),
  };
}

function invalid(message: string, param: string): NearvecError {
  return new NearvecError("invalid_request", message, { param });
}
