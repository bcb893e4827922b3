/** Downloads: resumed, proven before they have their name, made once. */
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { silentListener } from "../../distill-job/hub/hub-listener.ts";
import { HubRepository } from "../../distill-job/hub/hub-repository.ts";
import { cutAfter, refuse, sha256Of } from "./hub-answers.ts";
import { cached, type HubFixture, startHub } from "./hub-fixtures.ts";

const repo = "org/model";
const path = "model.safetensors";
const content = Buffer.from(Uint8Array.from({ length: 100_000 }, (_, i) => (i * i) >> 7));
const digest = sha256Of(content);

async function start(files: Record<string, Uint8Array | string> = { [path]: content }) {
  const fixture = await startHub();
  const commit = fixture.hub.add(repo, files);
  const folder = join(fixture.access.cache, "models--org--model");
  return { ...fixture, commit, blobs: join(folder, "blobs"), file: join(folder, "snapshots", commit, path) };
}

async function fetchFile({ access }: HubFixture, ...paths: string[]): Promise<number[]> {
  const reported: number[] = [];
  const listener = { ...silentListener, onDownload: (_: string, done: number) => reported.push(done) };
  const repository = await HubRepository.open({ repo, revision: "main" }, access, listener);
  await repository.fetch(...(paths.length > 0 ? paths : [path]));
  return reported;
}

const rangesOf = ({ hub }: HubFixture) => hub.contentRequests().map(({ range }) => range);
const filesOf = async ({ access }: HubFixture) => [
  ...(await cached(access, repo, "blobs")),
  ...(await cached(access, repo, "snapshots")),
];

describe("a download", () => {
  test("is in the cache as huggingface_hub lays it out", async () => {
    const fixture = await start({ [path]: content, "sub/config.json": "{}\n" });
    await fetchFile(fixture, path, "sub/config.json");
    // Of `git hash-object` over "{}\n".
    const git = "0967ef424bce6791893e9a57bb952f80fd536e93";
    expect(await cached(fixture.access, repo, "")).toEqual(
      [
        `blobs/${digest}`,
        `blobs/${git}`,
        "refs/main",
        `snapshots/${fixture.commit}/${path}`,
        `snapshots/${fixture.commit}/sub/config.json`,
      ].sort(),
    );
    expect(await readFile(fixture.file)).toEqual(content);
    expect(await readFile(join(fixture.access.cache, "models--org--model/refs/main"), "utf8")).toBe(
      fixture.commit,
    );
  });

  test("is told of as it goes, from nothing to all of it", async () => {
    const reported = await fetchFile(await start());
    expect(reported[0]).toBe(0);
    expect(reported.at(-1)).toBe(content.length);
    expect(reported).toEqual(reported.toSorted((a, b) => a - b));
  });

  test("is made once: a second run asks for no content, nor for the list of files", async () => {
    const fixture = await start();
    await fetchFile(fixture);
    const before = fixture.hub.requests.length;
    await fetchFile(fixture);
    expect(fixture.hub.requests.slice(before).map(({ path }) => path)).toEqual([
      "/api/models/org/model/revision/main",
    ]);
  });

  test("of content that another commit has too is made once", async () => {
    const fixture = await start();
    await fetchFile(fixture);
    fixture.hub.add(repo, { "README.md": "changed" });
    await fetchFile(fixture);
    expect(fixture.hub.contentRequests()).toHaveLength(1);
  });

  test("that several want at once is made once", async () => {
    const fixture = await start();
    // The content is held back until all of them are about to ask for it.
    const allListed = Promise.withResolvers<void>();
    let lists = 0;
    fixture.hub.interfere = ({ host, path: asked }, response) => {
      if (asked.includes("/tree/") && ++lists === 3) setTimeout(allListed.resolve, 50);
      if (host === "storage") allListed.promise.then(() => response.end(content));
      return host === "storage";
    };
    await Promise.all([fetchFile(fixture), fetchFile(fixture), fetchFile(fixture)]);
    expect(fixture.hub.contentRequests()).toHaveLength(1);
    expect(await readFile(fixture.file)).toEqual(content);
  });

  test("of an empty file leaves an empty file", async () => {
    const fixture = await start({ [path]: "" });
    await fetchFile(fixture);
    expect(await readFile(fixture.file)).toHaveLength(0);
  });
});

describe("a connection that is cut in the middle", () => {
  /** Cuts the first `times` requests for content after so many bytes. */
  function cut(fixture: HubFixture, times: number, bytes: number): void {
    let left = times;
    fixture.hub.interfere = ({ host, range }, response) => {
      if (host !== "storage" || left-- <= 0) return false;
      cutAfter(bytes, content, range, response);
      return true;
    };
  }

  test("is gone on with from where it was", async () => {
    const fixture = await start();
    cut(fixture, 1, 30_000);
    await fetchFile(fixture);
    expect(rangesOf(fixture)).toEqual([undefined, "bytes=30000-"]);
    expect(await readFile(fixture.file)).toEqual(content);
  });

  test("is begun again where the server knows no ranges", async () => {
    const fixture = await start();
    fixture.hub.ranges = false;
    cut(fixture, 1, 30_000);
    await fetchFile(fixture);
    expect(rangesOf(fixture)).toEqual([undefined, "bytes=30000-"]);
    expect(await readFile(fixture.file)).toEqual(content);
  });

  test("again and again is an error that leaves what came for the next run", async () => {
    const fixture = await start();
    cut(fixture, Infinity, 0);
    await writeBlob(fixture, `${digest}.nearvec-incomplete`, content.subarray(0, 40_000));
    await expect(fetchFile(fixture)).rejects.toMatchObject({
      code: "storage_unavailable",
      message: expect.stringMatching(/org\/model\/model\.safetensors.*broke off.*kept\.$/),
    });
    expect(await filesOf(fixture)).toEqual([`${digest}.nearvec-incomplete`]);
    fixture.hub.interfere = () => false;
    const reported = await fetchFile(fixture);
    expect(reported[0]).toBe(40_000);
    expect(rangesOf(fixture).at(-1)).toBe("bytes=40000-");
    expect(await readFile(fixture.file)).toEqual(content);
  });
});

describe("content that is not what the hub has listed", () => {
  const damaged = Buffer.from(content);
  damaged[50_000]! ^= 1;

  test.each<[string, string, Buffer]>([
    ["a large file with a bit turned", path, damaged],
    ["a large file that is too short", path, content.subarray(0, 99_999)],
    ["a large file that is too long", path, Buffer.concat([content, Buffer.from("!")])],
    ["a small file with a byte changed", "config.json", Buffer.from('{"a":2}')],
  ])("%s is refused, and nothing is left", async (_, name, sent) => {
    const fixture = await start({ [path]: content, "config.json": '{"a":1}' });
    fixture.hub.interfere = (request, response) => {
      const isContent = request.host === "storage" || request.path.endsWith("config.json");
      if (!isContent) return false;
      const [, from = "0"] = /(\d+)/.exec(request.range ?? "") ?? [];
      const start = Math.min(Number(from), sent.length);
      response.statusCode = start > 0 ? 206 : 200;
      response.setHeader("content-range", `bytes ${start}-${sent.length - 1}/${sent.length}`);
      response.end(sent.subarray(start));
      return true;
    };
    const error = await fetchFile(fixture, name).catch((caught: Error) => caught);
    const short = sent.length < content.length && name === path;
    expect(error).toMatchObject({ code: short ? "storage_unavailable" : "artifact_corrupt" });
    if (!short)
      expect((error as Error).message).toMatch(/^Expected org\/model\/.* to have \d+ bytes with the /);
    expect((await filesOf(fixture)).filter((file) => !file.endsWith("-incomplete"))).toEqual([]);
  });

  test("is begun again if an earlier attempt may be to blame", async () => {
    const fixture = await start();
    await writeBlob(fixture, `${digest}.nearvec-incomplete`, damaged.subarray(0, 60_000));
    await fetchFile(fixture);
    expect(rangesOf(fixture)).toEqual(["bytes=60000-", undefined]);
    expect(await readFile(fixture.file)).toEqual(content);
  });
});

test("a disk that is full is said to be, and what to do", async () => {
  const fixture = await start();
  const partial = await blobPath(fixture, `${digest}.nearvec-incomplete`);
  await symlink("/dev/full", partial);
  await expect(fetchFile(fixture)).rejects.toMatchObject({
    code: "invalid_request",
    message: expect.stringMatching(/^Expected to write .*, got: ENOSPC.* Make room .* HF_HUB_CACHE/),
  });
  expect(await cached(fixture.access, repo, "snapshots")).toEqual([]);
});

test("a server in passing trouble is asked again", async () => {
  const fixture = await start();
  let refusals = 2;
  fixture.hub.interfere = (_, response) => {
    if (refusals-- <= 0) return false;
    refuse(response, 503, "", "Service unavailable");
    return true;
  };
  await fetchFile(fixture);
  expect(await readFile(fixture.file)).toEqual(content);
});

async function blobPath({ access }: HubFixture, name: string): Promise<string> {
  const folder = join(access.cache, "models--org--model/blobs");
  await mkdir(folder, { recursive: true });
  return join(folder, name);
}

async function writeBlob(fixture: HubFixture, name: string, bytes: Uint8Array): Promise<void> {
  await writeFile(await blobPath(fixture, name), bytes);
}
