/** Who may read what, where the token goes, and what is said when the hub refuses or is not there. */
import { describe, expect, test, vi } from "vitest";
import { hubAccess } from "../../distill-job/hub/hub-access.ts";
import { readTeacher } from "../../distill-job/teacher/read-teacher.ts";
import { refuse } from "./hub-answers.ts";
import { startHub, teacherFiles } from "./hub-fixtures.ts";
import { HubStandIn } from "./hub-stand-in.ts";

const teacher = "hf:org/teacher";

async function startWithTeacher(token?: string, hidden = false) {
  const fixture = await startHub(token);
  const commit = fixture.hub.add("org/teacher", teacherFiles, { private: hidden });
  return { ...fixture, commit };
}

describe("the token", () => {
  test("goes to the endpoint with every request, and to no other host", async () => {
    const { hub } = await startWithTeacher(HubStandIn.readToken);
    await readTeacher(teacher);
    const sentTo = (host: string) =>
      new Set(hub.requests.filter((each) => each.host === host).map(({ authorization }) => authorization));
    expect(sentTo("hub")).toEqual(new Set(["Bearer hf_read"]));
    expect(sentTo("storage")).toEqual(new Set([undefined]));
  });

  test("does not go to another host that a list of files names as its next page", async () => {
    const { hub } = await startWithTeacher(HubStandIn.readToken);
    const other = await HubStandIn.start();
    other.add("org/teacher", teacherFiles);
    hub.interfere = ({ path }, response) => {
      if (!path.includes("/tree/")) return false;
      const next = `${other.endpoint}/api/models/org/teacher/tree/main?recursive=true`;
      response.writeHead(200, { link: `<${next}>; rel="next"` }).end("[]");
      return true;
    };
    await readTeacher(teacher).catch(() => {});
    expect(other.requests.length).toBeGreaterThan(0);
    expect(other.requests.every(({ authorization }) => authorization === undefined)).toBe(true);
  });

  test("opens a private repository, which without it is refused", async () => {
    const { hub } = await startWithTeacher(undefined, true);
    await expect(readTeacher(teacher)).rejects.toMatchObject({
      code: "storage_access_denied",
      message: expect.stringMatching(/got 401 RepoNotFound .*set HF_TOKEN to a token that may read it\.$/),
    });
    expect(hub.contentRequests()).toEqual([]);
    vi.stubEnv("HF_TOKEN", HubStandIn.readToken);
    await expect(readTeacher(teacher)).resolves.toMatchObject({ name: "teacher" });
  });

  test("that is none of the hub's is not sent anywhere", async () => {
    const { hub } = await startWithTeacher("secret");
    const error = await readTeacher(teacher).catch((caught: Error) => caught);
    expect(error).toMatchObject({
      code: "invalid_request",
      message: expect.stringMatching(/begins with "hf_"/),
    });
    expect((error as Error).message).not.toContain("secret");
    expect(hub.requests).toEqual([]);
  });
});

describe("a refusal is said in one line, with what to do", () => {
  test.each<[string, number, string, string, RegExp, Record<string, string>?]>([
    ["a wrong token", 401, "", "storage_access_denied", /HF_TOKEN is not valid there/],
    [
      "terms that are not accepted",
      403,
      "GatedRepo",
      "storage_access_denied",
      /Accept the repository's terms/,
    ],
    ["a right that is missing", 403, "", "storage_access_denied", /may not read this/],
    ["no such repository", 404, "RepoNotFound", "not_found", /Check the repository's name/],
    ["too many requests", 429, "", "storage_unavailable", /Wait 600 seconds/, { "retry-after": "600" }],
    ["a server in trouble", 502, "", "storage_unavailable", /Try again later/],
  ])("%s", async (_, status, hubCode, code, message, headers = {}) => {
    const { hub } = await startWithTeacher(HubStandIn.readToken);
    hub.interfere = (__, response) => {
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      refuse(response, status, hubCode, "reason\nof the hub");
      return true;
    };
    const error = (await readTeacher(teacher).catch((caught: Error) => caught)) as Error;
    expect(error).toMatchObject({ code });
    expect(error.message).toMatch(message);
    expect(error.message).toContain(`got ${status}`);
    expect(error.message).toContain("(reason of the hub)");
    expect(error.message).not.toContain("\n");
    expect(error.message).not.toContain(HubStandIn.readToken);
  });

  test("a revision that is not there", async () => {
    await startWithTeacher();
    await expect(readTeacher(`${teacher}@v9`)).rejects.toMatchObject({
      code: "not_found",
      message: expect.stringMatching(
        /revision\/v9, got 404 RevisionNotFound .* Name a branch, a tag or a commit/,
      ),
    });
  });

  test("nobody listening", async () => {
    const { hub } = await startWithTeacher();
    hub.stop();
    await expect(readTeacher(teacher)).rejects.toMatchObject({
      code: "storage_unavailable",
      message: expect.stringMatching(/but the connection was refused\. Check the network, and HF_ENDPOINT/),
    });
  });

  test.each([
    ["a page", "<html>Sign in</html>"],
    ["no commit", "{}"],
  ])("an endpoint that is no hub and answers with %s", async (_, body) => {
    const { hub } = await startWithTeacher();
    hub.interfere = (__, response) => {
      response.end(body);
      return true;
    };
    await expect(readTeacher(teacher)).rejects.toMatchObject({
      code: "storage_unavailable",
      message: expect.stringMatching(/ as the hub does, got: .*\. Check HF_ENDPOINT/),
    });
  });

  test("an endpoint that is no URL", () => {
    vi.stubEnv("HF_ENDPOINT", "huggingface");
    expect(() => hubAccess()).toThrow(/Expected HF_ENDPOINT to be a URL/);
    vi.unstubAllEnvs();
  });
});

describe("without a network", () => {
  const notices: string[] = [];
  const listener = { onDownload() {}, onOffline: (...notice: string[]) => notices.push(notice.join(" ")) };

  test.each([
    ["switched off by HF_HUB_OFFLINE", "1"],
    ["that answers", ""],
  ])("%s, a teacher that is cached is read, and that is told", async (_, offline) => {
    const { hub, commit } = await startWithTeacher();
    const before = await readTeacher(teacher);
    hub.stop();
    const asked = hub.requests.length;
    vi.stubEnv("HF_HUB_OFFLINE", offline);
    notices.length = 0;
    expect(await readTeacher(teacher, undefined, listener)).toEqual(before);
    expect(notices).toEqual([`org/teacher ${commit}`]);
    expect(hub.requests).toHaveLength(asked);
  });

  test.each([
    [503, true],
    [404, false],
    [401, false],
  ])("a hub that answers with %i: the cache stands in, %s", async (status, standsIn) => {
    const { hub } = await startWithTeacher();
    const before = await readTeacher(teacher);
    hub.interfere = (_, response) => {
      refuse(response, status, "", "no");
      return true;
    };
    const after = await readTeacher(teacher).catch((error: Error) => error);
    if (standsIn) expect(after).toEqual(before);
    else expect(after).toBeInstanceOf(Error);
  });

  test("a commit needs no looking up: nobody is asked, nothing is told", async () => {
    const { hub, commit } = await startWithTeacher();
    const before = await readTeacher(`${teacher}@${commit}`);
    const asked = hub.requests.length;
    notices.length = 0;
    expect(await readTeacher(`${teacher}@${commit}`, undefined, listener)).toEqual(before);
    expect(hub.requests).toHaveLength(asked);
    expect(notices).toEqual([]);
  });

  test("another ONNX file than the cached one is not made do with", async () => {
    const { hub } = await startWithTeacher();
    hub.add("org/teacher", { "onnx/model_quantized.onnx": teacherFiles["onnx/model.onnx"]! });
    await readTeacher(teacher, "onnx/model_quantized.onnx");
    vi.stubEnv("HF_HUB_OFFLINE", "1");
    await expect(readTeacher(teacher)).rejects.toMatchObject({
      code: "storage_unavailable",
      message: expect.stringMatching(/whether org\/teacher has onnx\/model\.onnx .*HF_HUB_OFFLINE is set/),
    });
  });

  test("what is not cached is asked for", async () => {
    const { hub } = await startWithTeacher();
    vi.stubEnv("HF_HUB_OFFLINE", "1");
    await expect(readTeacher(teacher)).rejects.toMatchObject({
      code: "storage_unavailable",
      message: expect.stringMatching(/^Expected org\/teacher at main in the cache/),
    });
    expect(hub.requests).toEqual([]);
  });
});
