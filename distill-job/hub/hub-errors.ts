/** What the hub answers when it does not do what was asked, in our words. */
import { HubApiError } from "@huggingface/hub";
import { NearvecError } from "../../shared/errors.ts";
import { networkCode, networkReason } from "../network-failure.ts";
import type { HubAccess } from "./hub-access.ts";

/** What the hub says of a refusal. */
interface Refusal {
  readonly status: number;
  /** Its own name for the error: `RepoNotFound`, `GatedRepo`; empty if it gives none. */
  readonly code: string;
  readonly message: string;
  /** Seconds after which it wants to be asked again, as the header has it. */
  readonly retryAfter: string | null;
}

/** The error for a response of the endpoint that is none of the 2xx. */
export async function refused(response: Response, request: string, access: HubAccess): Promise<NearvecError> {
  const { status, headers } = response;
  const body = await response.text().catch(() => "");
  const refusal = {
    status,
    code: headers.get("x-error-code") ?? "",
    message: oneLine(headers.get("x-error-message") ?? errorField(body)),
    retryAfter: headers.get("retry-after"),
  };
  return errorOf(refusal, request, access);
}

function errorOf(refusal: Refusal, request: string, access: HubAccess): NearvecError {
  const { status, code, message } = refusal;
  const got = [String(status), code, message && `(${message})`].filter((part) => part !== "").join(" ");
  const expectation = `Expected ${access.endpoint} to answer ${request}, got ${got}.`;
  const { error, advice } = judge(refusal, request, access);
  return new NearvecError(error, `${expectation} ${advice}`);
}

function judge(
  { status, code, retryAfter }: Refusal,
  request: string,
  { endpoint, token }: HubAccess,
): { error: NearvecError["code"]; advice: string } {
  if (code === "GatedRepo") {
    const advice = `Accept the repository's terms at ${endpoint}, and set HF_TOKEN to a token of that account.`;
    return { error: "storage_access_denied", advice };
  }
  switch (status) {
    case 401:
      return {
        error: "storage_access_denied",
        advice:
          token === undefined
            ? "The repository is private, or there is none of that name: check it, or set HF_TOKEN to a token that may read it."
            : "HF_TOKEN is not valid there, or not any more: make a new one, and check the repository's name.",
      };
    case 403:
      return {
        error: "storage_access_denied",
        advice: request.startsWith("GET")
          ? "The token in HF_TOKEN may not read this: give it the right to."
          : "The token in HF_TOKEN may not write this: give it the right to, or choose a repository of your own.",
      };
    case 404:
      return {
        error: "not_found",
        advice:
          code === "RevisionNotFound"
            ? "Name a branch, a tag or a commit that is there, or none."
            : code === "EntryNotFound"
              ? "The repository has no such file."
              : "Check the repository's name; if it is private, set HF_TOKEN to a token that may read it.",
      };
    case 409:
    case 412:
      return {
        error: "upload_conflict",
        advice: "Somebody else has changed it meanwhile: run the command again.",
      };
    case 429: {
      const wait = retryAfter === null ? "Wait a few minutes" : `Wait ${retryAfter} seconds`;
      const more = token === undefined ? "; with HF_TOKEN set the limits are higher" : "";
      return { error: "storage_unavailable", advice: `Too many requests. ${wait}${more}.` };
    }
    default:
      return status >= 500
        ? { error: "storage_unavailable", advice: "Try again later; what is downloaded already is kept." }
        : { error: "invalid_request", advice: "Check what was asked for." };
  }
}

/** The error for a request that got no response. */
export function unreachable(cause: unknown, request: string, { endpoint }: HubAccess): NearvecError {
  const advice = ["ECONNREFUSED", "ENOTFOUND"].includes(networkCode(cause))
    ? "Check the network, and HF_ENDPOINT if it is set."
    : "Run the command again; what is downloaded already is kept.";
  return new NearvecError(
    "storage_unavailable",
    `Expected ${endpoint} to answer ${request}, but ${networkReason(cause)}. ${advice}`,
    { cause },
  );
}

/** The error for what the hub's library throws of its own: storage on another host, answers without sense. */
export function translated(error: unknown, request: string, access: HubAccess): NearvecError {
  if (NearvecError.isInstance(error)) return error;
  if (error instanceof HubApiError) {
    const { statusCode: status, message } = error;
    return errorOf({ status, code: "", message: oneLine(message), retryAfter: null }, request, access);
  }
  if (networkCode(error) !== "") return unreachable(error, request, access);
  const got = oneLine(error instanceof Error ? error.message : String(error));
  return new NearvecError(
    "storage_unavailable",
    `Expected ${access.endpoint} to answer ${request} as the hub does, got: ${got}. Check HF_ENDPOINT, or try again later.`,
    { cause: error },
  );
}

/** The hub's errors are JSON with an `error`; those of what stands before it are pages. */
function errorField(body: string): string {
  try {
    const { error } = JSON.parse(body) as { error?: unknown };
    return typeof error === "string" ? error : "";
  } catch {
    return "";
  }
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim().slice(0, 200);
}
