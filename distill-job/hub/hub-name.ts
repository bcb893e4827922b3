/** How repositories of the Hugging Face hub are named: `hf:org/name`, `hf:org/name@revision`. */
import { NearvecError } from "../../shared/errors.ts";

export interface HubName {
  /** `org/name` */
  readonly repo: string;
  /** A branch, a tag or a commit. */
  readonly revision: string;
}

const prefix = "hf:";
const pattern = /^([A-Za-z0-9][\w.-]*\/[A-Za-z0-9_][\w.-]*)(?:@(.+))?$/;
/** Names become paths in the cache, where `--` stands for the slash. */
const neverInRepo = /--|\.\./;
const revisionPattern = /^[A-Za-z0-9_][\w.+-]*(\/[A-Za-z0-9_][\w.+-]*)*$/;

/** Whether a name is one of the hub's; a directory that is called so can be named `./hf:…`. */
export function isHubName(name: string): boolean {
  return name.startsWith(prefix);
}

/**
 * @param name with `hf:` or without
 * @throws NearvecError invalid_request
 *
 * @example
 * ```ts
 * parseHubName("hf:minishlab/potion-base-8M"); // { repo: "minishlab/potion-base-8M", revision: "main" }
 * ```
 */
export function parseHubName(name: string): HubName {
  const [, repo, revision = "main"] = pattern.exec(isHubName(name) ? name.slice(prefix.length) : name) ?? [];
  if (repo === undefined || neverInRepo.test(repo)) {
    throw invalid(`Expected hf:org/name or hf:org/name@revision, got ${JSON.stringify(name)}.`);
  }
  if (!revisionPattern.test(revision) || revision.includes("..")) {
    throw invalid(
      `Expected a branch, a tag or a commit after the @, got ${JSON.stringify(revision)} in ${name}.`,
    );
  }
  return { repo, revision };
}

/** The name without its organization. */
export function ownName(repo: string): string {
  return repo.slice(repo.indexOf("/") + 1);
}

function invalid(message: string): NearvecError {
  return new NearvecError("invalid_request", message, { param: "hf" });
}
