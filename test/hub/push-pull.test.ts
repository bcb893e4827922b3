/** Models to the hub and back: the same bytes, one commit, and nothing to see of a push that fails. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { writeDirectory } from "../../distill-job/export/directory-content.ts";
import { exportedModel } from "../../distill-job/export/exported-model.ts";
import { model2vecDirectory } from "../../distill-job/export/model2vec-directory.ts";
import { sentenceTransformersDirectory } from "../../distill-job/export/sentence-transformers-directory.ts";
import { silentListener } from "../../distill-job/hub/hub-listener.ts";
import { hubModelFile, pullModel } from "../../distill-job/hub/pull-model.ts";
import { type PushSettings, pushModel } from "../../distill-job/hub/push-model.ts";
import { importModel } from "../../distill-job/import/import-model.ts";
import { writeArtifact } from "../../shared/artifact/artifact-writer.ts";
import { temporaryDirectory } from "../distill/tiny-teacher.ts";
import { tinyModel } from "../support/tiny-model.ts";
import { refuse, sha256Of } from "./hub-answers.ts";
import { filesIn, type HubFixture, startHub } from "./hub-fixtures.ts";
import { HubStandIn } from "./hub-stand-in.ts";

const repo = "me/tiny";
const artifact = tinyModel({ rowType: "float32" });

async function contentOf(file: Uint8Array) {
  return { ...model2vecDirectory(await exportedModel(file), "float32", repo), [hubModelFile]: file };
}

async function push(
  { access }: HubFixture,
  settings: Partial<PushSettings> = {},
  file: Uint8Array = artifact,
) {
  const all = { repo, branch: "main", message: "Add tiny", private: false, ...settings };
  return pushModel(await contentOf(file), all, access);
}

const pull = ({ access }: HubFixture, revision = "main", name = repo) =>
  pullModel({ repo: name, revision }, access, silentListener);

describe("a push", () => {
  test("then a pull gives the same bytes", async () => {
    const fixture = await startHub(HubStandIn.writeToken);
    const pushed = await push(fixture);
    const { file, source, origin } = await pull(fixture);
    expect(Buffer.compare(file, artifact)).toBe(0);
    expect(source).toBe("nearvec");
    expect(origin).toEqual({ repo, commit: pushed.commit });
  });

  test("makes the repository and one commit, with what an export writes beside the model file", async () => {
    const fixture = await startHub(HubStandIn.writeToken);
    const { hub } = fixture;
    const pushed = await push(fixture, { message: "First model" });
    expect(pushed).toMatchObject({ repo, url: `${hub.endpoint}/${repo}`, branch: "main", created: true });
    const repository = hub.repositories.get(repo)!;
    expect([...repository.commits.values()].map(({ message }) => message)).toEqual([
      "initial commit",
      "First model",
    ]);
    expect(repository.private).toBe(false);
    const files = hub.filesOf(repo);
    expect([...files.keys()].sort()).toEqual([
      "README.md",
      "config.json",
      "model.safetensors",
      "modules.json",
      "nearvec.safetensors",
      "tokenizer.json",
    ]);
    for (const [path, bytes] of Object.entries(await contentOf(artifact))) {
      expect(files.get(path), path).toEqual(Buffer.from(bytes));
    }
    const card = files.get("README.md")!.toString();
    expect(card).toContain('StaticModel.from_pretrained("me/tiny")');
    expect(card).toContain("npx nearvec pull me/tiny\n");
  });

  test("makes a private repository if asked to", async () => {
    const fixture = await startHub(HubStandIn.writeToken);
    await push(fixture, { private: true });
    expect(fixture.hub.repositories.get(repo)?.private).toBe(true);
  });

  test("goes to a repository that is there, and leaves other files in it", async () => {
    const fixture = await startHub(HubStandIn.writeToken);
    fixture.hub.add(repo, { "notes.txt": "mine" }, { private: true });
    expect(await push(fixture)).toMatchObject({ created: false });
    expect(fixture.hub.filesOf(repo).get("notes.txt")?.toString()).toBe("mine");
    expect(fixture.hub.requests.some(({ path }) => path === "/api/repos/create")).toBe(false);
  });

  test("to a branch makes it, or adds to it; main stays as it was", async () => {
    const fixture = await startHub(HubStandIn.writeToken);
    await push(fixture);
    const other = tinyModel({ rowType: "int8" });
    for (const branch of ["trial", "trial", "a/b"]) await push(fixture, { branch }, other);
    expect((await pull(fixture, "trial")).file).toEqual(Buffer.from(other));
    expect((await pull(fixture, "a/b")).file).toEqual(Buffer.from(other));
    expect((await pull(fixture)).file).toEqual(Buffer.from(artifact));
  });

  test("sends large files to the storage without the token", async () => {
    const fixture = await startHub(HubStandIn.writeToken);
    await push(fixture);
    const puts = fixture.hub.requests.filter(({ method }) => method === "PUT");
    expect(puts.map(({ host, authorization }) => [host, authorization])).toEqual([
      ["storage", undefined],
      ["storage", undefined],
    ]);
  });
});

test("a push in chunks, as the hub prefers it, shows the storage its own token and not the hub's", async () => {
  const fixture = await startHub(HubStandIn.writeToken);
  const { hub } = fixture;
  hub.xet = true;
  const large = tinyModel({ rowType: "float32", dimensions: 16_384 });
  await push(fixture, {}, large);
  expect(hub.filesOf(repo).get(hubModelFile)?.toString()).toBe(sha256Of(large));
  const sent = hub.requests.filter(({ host }) => host === "storage");
  expect(sent.some(({ path }) => path.startsWith("/v1/xorbs/"))).toBe(true);
  expect(sent.some(({ path }) => path === "/v1/shards")).toBe(true);
  expect(new Set(sent.map(({ authorization }) => authorization))).toEqual(new Set(["Bearer xet-token"]));
});

describe("a push that fails leaves what was there", () => {
  test("without a token nothing is sent", async () => {
    const fixture = await startHub();
    await expect(push(fixture)).rejects.toMatchObject({
      code: "storage_access_denied",
      message: expect.stringMatching(/^Expected HF_TOKEN to be set to a token that may write, got none/),
    });
    expect(fixture.hub.requests).toEqual([]);
  });

  test("with a token that may only read", async () => {
    const fixture = await startHub(HubStandIn.readToken);
    await expect(push(fixture)).rejects.toMatchObject({
      code: "storage_access_denied",
      message: expect.stringMatching(/got 403 \(You need write access\)\. .*may not write this/),
    });
    expect(fixture.hub.repositories.size).toBe(0);
  });

  test("a public repository that was to be private gets nothing", async () => {
    const fixture = await startHub(HubStandIn.writeToken);
    const before = fixture.hub.add(repo, { "notes.txt": "mine" });
    await expect(push(fixture, { private: true })).rejects.toMatchObject({
      code: "invalid_request",
      message: expect.stringMatching(/^Expected me\/tiny to be private or not there, it is public/),
    });
    expect(fixture.hub.repositories.get(repo)?.branches.get("main")).toBe(before);
    expect(fixture.hub.requests.every(({ method }) => method === "GET")).toBe(true);
  });

  test("a storage that breaks off again and again; the next push sends only what is missing", async () => {
    const fixture = await startHub(HubStandIn.writeToken);
    const { hub } = fixture;
    const before = hub.add(repo, { "notes.txt": "mine" });
    hub.interfere = ({ host, path }, response) => {
      if (host !== "storage" || path !== `/${sha256Of(artifact)}`) return false;
      setTimeout(() => response.destroy(), 20);
      return true;
    };
    await expect(push(fixture)).rejects.toMatchObject({ code: "storage_unavailable" });
    expect(hub.repositories.get(repo)?.branches.get("main")).toBe(before);
    hub.interfere = () => false;
    const asked = hub.requests.length;
    await push(fixture);
    const puts = hub.requests.slice(asked).filter(({ method }) => method === "PUT");
    expect(puts.map(({ path }) => path)).toEqual([`/${sha256Of(artifact)}`]);
    expect((await pull(fixture)).file).toEqual(Buffer.from(artifact));
  });

  test("a storage that breaks off in passing is no failure", async () => {
    const fixture = await startHub(HubStandIn.writeToken);
    let breaks = 2;
    fixture.hub.interfere = ({ host }, response) => {
      if (host !== "storage" || breaks-- <= 0) return false;
      setTimeout(() => response.destroy(), 20);
      return true;
    };
    await push(fixture);
    expect((await pull(fixture)).file).toEqual(Buffer.from(artifact));
  });

  test.each<[string, number, string]>([
    ["a commit of somebody else in between", 412, "upload_conflict"],
    ["a server in trouble", 500, "storage_unavailable"],
  ])("%s: the commit is asked for once", async (_, status, code) => {
    const fixture = await startHub(HubStandIn.writeToken);
    const { hub } = fixture;
    const before = hub.add(repo, { "notes.txt": "mine" });
    hub.interfere = ({ path }, response) => {
      if (!path.includes("/commit/")) return false;
      refuse(response, status, "", "no");
      return true;
    };
    await expect(push(fixture)).rejects.toMatchObject({ code });
    expect(hub.requests.filter(({ path }) => path.includes("/commit/"))).toHaveLength(1);
    expect(hub.repositories.get(repo)?.branches.get("main")).toBe(before);
  });
});

describe("a pull of a model without nearvec's file imports it", () => {
  test.each([
    ["Model2Vec", model2vecDirectory],
    ["Sentence Transformers", sentenceTransformersDirectory as typeof model2vecDirectory],
  ])("%s", async (_, make) => {
    const fixture = await startHub();
    const directory = join(await temporaryDirectory(), "tiny");
    await writeDirectory(directory, make(await exportedModel(artifact), "float32"));
    const files = await filesIn(directory);
    const commit = fixture.hub.add(repo, { ...files, "onnx/model.onnx": "large" });
    const { source, model, file } = await pull(fixture);
    expect(source).toBe("imported");
    expect(model.metadata.provenance).toMatchObject({ imported_from: repo, imported_revision: commit });
    const near = await importModel(directory);
    const far = await importModel(`hf:${repo}`);
    expect(Buffer.compare(file, writeArtifact(far))).toBe(0);
    const [nearFile, farFile] = [near, far].map((content) => writeArtifact({ ...content, provenance: {} }));
    expect(Buffer.compare(nearFile!, farFile!)).toBe(0);
    expect(
      fixture.hub.contentRequests().some(({ path }) => path.includes(sha256Of(Buffer.from("large")))),
    ).toBe(false);
  });

  test("and says what a repository has that has no static model", async () => {
    const fixture = await startHub();
    fixture.hub.add("org/bert", { "config.json": "{}", "tokenizer.json": "{}", "pytorch_model.bin": "x" });
    await expect(pull(fixture, "main", "org/bert")).rejects.toMatchObject({
      code: "not_found",
      message: expect.stringMatching(
        /^Expected a static model in org\/bert: .* It has config\.json, pytorch_model\.bin, tokenizer\.json\. .*nearvec distill hf:org\/bert/,
      ),
    });
  });
});

test("a pull of a file that is no model file says so", async () => {
  const fixture = await startHub();
  fixture.hub.add(repo, { [hubModelFile]: artifact.subarray(0, artifact.length - 8) });
  await expect(pull(fixture)).rejects.toMatchObject({ code: "artifact_truncated" });
});
