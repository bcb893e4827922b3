/** examples/rag, run as its README says, against a real worker: with its stand-in, and with a server that speaks as OpenAI does. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NearvecClient } from "../../client/http/index.ts";
import { type RunningWorker, runWorker, startTimeout } from "../host/running-worker.ts";
import { answer, startScriptedServer } from "./scripted-server.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(root, "examples/rag");
let worker: RunningWorker;

beforeAll(async () => {
  worker = await runWorker();
  // The worker's default, here, is called tiny.
  await worker.upload("tiny", await readFile(join(root, "models/base.safetensors")));
}, startTimeout);
afterAll(async () => worker?.stop());

async function ask(question: string, environment: Record<string, string> = {}) {
  const { PATH = "" } = process.env;
  const script = ["--conditions=nearvec-source", join(folder, "main.ts")];
  const { stdout } = await promisify(execFile)(process.execPath, [...script, question], {
    env: { PATH, NEARVEC_URL: worker.url, ...environment },
  });
  const [asked, reply, citations = ""] = stdout.split("\n\n");
  expect(asked).toBe(question);
  return { reply, citations: citations.split("\n").filter(Boolean) };
}

describe("without a chat model", () => {
  test("prints what the README says", async () => {
    const readme = await readFile(join(folder, "README.md"), "utf8");
    const [, question, reply, citation] = /```\n(.*)\n\n(.*)\n\n(.*) …\n```/.exec(readme)!;
    const { reply: got, citations } = await ask(question!);
    expect(got).toBe(reply);
    expect(citations).toHaveLength(1);
    expect(citations[0]).toContain(citation);
  });

  test.each([
    ["What happened to the sister ship?", "sank in the sound in 1962", "history.md"],
    ["Can I take my car?", "they do not come on board", "meeting-point.md"],
    ["How much is a return ticket for a child?", "half of that", "tickets.md"],
  ])("%s", async (question, words, source) => {
    const { reply, citations } = await ask(question);
    expect(reply).toContain(words);
    expect(citations.join()).toContain(`(${source})`);
    // What is quoted is in the file.
    const file = await readFile(join(folder, "documents", source), "utf8");
    expect(file).toContain(reply!.replace(/ \[\d\]$/, ""));
  });

  test("says so where the documents do not say", async () => {
    expect(await ask("Who was the first person on the moon?")).toEqual({
      reply: "The documents do not say.",
      citations: [],
    });
  });

  test("writes nothing that has not changed, and deletes what is gone", async () => {
    const collection = new NearvecClient({ baseUrl: worker.url }).collection("ferry-handbook");
    const written = async () => {
      const documents: [string, number][] = [];
      for await (const { id, updated } of collection.list()) documents.push([id, updated]);
      return documents;
    };
    const before = await written();
    expect(before).toHaveLength(8);
    await collection.upsert([{ id: "gone.md", text: "A file that is not there any more." }]);
    await ask("Do dogs travel free?");
    expect(await written()).toEqual(before);
  });
});

test("with a chat model, gives it the passages and keeps to those that it was given", async () => {
  await using server = await startScriptedServer();
  const content = "Dogs are free. [1] They fly first class. [9]";
  server.script(
    answer(200, {
      id: "chat-1",
      object: "chat.completion",
      created: 0,
      model: "scripted",
      choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content } }],
      usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
    }),
  );
  const { reply, citations } = await ask("Do dogs travel free?", {
    CHAT_MODEL: "scripted",
    OPENAI_BASE_URL: `${server.url}/v1`,
    OPENAI_API_KEY: "sk-test",
  });
  expect(reply).toBe(content);
  expect(citations).toEqual([expect.stringMatching(/^\[1\] Animals on board \(animals\.md\): /)]);
  const [request] = server.requests;
  expect(request).toMatchObject({
    url: "/v1/chat/completions",
    headers: { authorization: "Bearer sk-test" },
  });
  const { messages, model } = JSON.parse(request!.body);
  expect(model).toBe("scripted");
  expect(messages[0].content).toMatch(/\[1\] Animals on board: Dogs travel free of charge.*\[4\] /s);
  expect(messages[1]).toMatchObject({ role: "user", content: "Do dogs travel free?" });
});

test("says what to do where no worker is", async () => {
  const server = await startScriptedServer();
  await server[Symbol.asyncDispose]();
  const failure = await ask("Do dogs travel free?", { NEARVEC_URL: server.url }).catch(
    (error: { stderr: string }) => error.stderr,
  );
  expect(failure).toMatch(/ECONNREFUSED.*\n.*npm start/);
});
