/**
 * Puts a model on the hub, in one commit: readers see all of it or what was there before.
 *
 * 1. The repository and the branch, if they are not there.
 * 2. The large files, to the storage behind the hub. It keeps what it has by digest, so that a second attempt
 *    sends only what is missing.
 * 3. The commit that names them all.
 */
import {
  type CommitOutput,
  type CommitProgressEvent,
  commitIter,
  createBranch,
  createRepo,
  modelInfo,
} from "@huggingface/hub";
import { NearvecError } from "../../shared/errors.ts";
import type { DirectoryContent } from "../export/directory-content.ts";
import type { HubAccess } from "./hub-access.ts";
import { translated } from "./hub-errors.ts";
import { hubFetch } from "./hub-fetch.ts";

export interface PushSettings {
  /** `org/name` */
  readonly repo: string;
  readonly branch: string;
  /** First line of the commit's message. */
  readonly message: string;
  /** Whether nobody else may see the repository. */
  readonly private: boolean;
}

export interface PushedModel {
  readonly repo: string;
  readonly url: string;
  readonly branch: string;
  readonly commit: string;
  /** Whether the repository had to be made. */
  readonly created: boolean;
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
}

/**
 * @param onSent called with the bytes of large files sent so far
 * @throws NearvecError storage_access_denied, not_found, upload_conflict, storage_unavailable, invalid_request
 */
export async function pushModel(
  content: DirectoryContent,
  settings: PushSettings,
  access: HubAccess,
  onSent: (sentBytes: number) => void = () => {},
): Promise<PushedModel> {
  const { endpoint: hubUrl, token: accessToken } = access;
  const { repo, branch } = settings;
  if (accessToken === undefined) {
    throw new NearvecError(
      "storage_access_denied",
      "Expected HF_TOKEN to be set to a token that may write, got none. Make one in the settings of your account on the hub.",
      { param: "HF_TOKEN" },
    );
  }
  let sent = 0;
  const request = {
    ...{ repo, hubUrl, accessToken },
    fetch: hubFetch(access, (bytes) => {
      sent += bytes;
      onSent(sent);
    }),
  };
  try {
    const created = !(await isThere(settings, request));
    if (created) await createRepo({ ...request, visibility: settings.private ? "private" : "public" });
    if (branch !== "main") await ensureBranch(branch, request);
    const operations = Object.entries(content).map(([path, bytes]) => ({
      operation: "addOrUpdate" as const,
      path,
      content: new Blob([bytes as Uint8Array<ArrayBuffer>]),
    }));
    const { commit } = await finished(
      commitIter({ ...request, branch, title: settings.message, operations }),
    );
    const files = operations.map(({ path, content: { size } }) => ({ path, bytes: size }));
    return { repo, url: `${hubUrl}/${repo}`, branch, commit: commit.oid, created, files };
  } catch (error) {
    throw translated(error, `a push to ${repo}`, access);
  }
}

interface HubRequest {
  readonly repo: string;
  readonly hubUrl: string;
  readonly accessToken: string;
  readonly fetch: typeof fetch;
}

/** Whether the repository is there; a public one is nothing to push to if it was to be private. */
async function isThere({ repo, private: hidden }: PushSettings, request: HubRequest): Promise<boolean> {
  try {
    const info = await modelInfo({ ...request, name: repo });
    if (!hidden || info.private) return true;
  } catch (error) {
    if (NearvecError.isInstance(error) && error.code === "not_found") return false;
    throw error;
  }
  throw new NearvecError(
    "invalid_request",
    `Expected ${repo} to be private or not there, it is public. Change that in its settings, or leave out --private.`,
    { param: "private" },
  );
}

async function ensureBranch(branch: string, request: HubRequest): Promise<void> {
  try {
    await createBranch({ ...request, branch });
  } catch (error) {
    // It is there already.
    if (!(NearvecError.isInstance(error) && error.code === "upload_conflict")) throw error;
  }
}

async function finished(
  commit: AsyncGenerator<CommitProgressEvent, CommitOutput | undefined>,
): Promise<CommitOutput> {
  let step = await commit.next();
  while (!step.done) step = await commit.next();
  if (step.value?.commit.oid === undefined) throw new Error("no commit");
  return step.value;
}
