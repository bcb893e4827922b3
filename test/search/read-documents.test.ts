/** Files become documents, and a mistake in them is named with its file and line. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readDocuments } from "../../distill-job/index-documents/read-documents.ts";
import type { RecordReading } from "../../distill-job/index-documents/record-document.ts";
import type { SourceDocument } from "../../shared/search/collection/document.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nearvec-documents-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function write(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, content);
  return path;
}

async function read(path: string, reading: Partial<RecordReading> = {}): Promise<SourceDocument[]> {
  const documents: SourceDocument[] = [];
  for await (const batch of readDocuments([path], { fields: {}, ...reading })) {
    documents.push(...batch.documents);
  }
  return documents;
}

describe("documents", () => {
  test("of BEIR's corpus: _id, title and text, the title kept as metadata", async () => {
    const path = await write(
      "beir.jsonl",
      '{"_id": "4983", "title": "Microstructure", "text": "Alterations of…", "metadata": {"year": 2001}}\n\n',
    );
    expect(await read(path)).toEqual([
      {
        id: "4983",
        text: "Microstructure\nAlterations of…",
        metadata: { year: 2001, title: "Microstructure" },
      },
    ]);
  });

  test("of chosen fields; a number is an id, too; what is left is metadata", async () => {
    const path = await write("own.ndjson", '{"key": 7, "abstract": "rain", "id": "x", "tags": ["a"]}');
    expect(await read(path, { idField: "key", textFields: ["abstract"] })).toEqual([
      { id: "7", text: "rain", metadata: { id: "x", tags: ["a"] } },
    ]);
  });

  test("of a table, whose declared columns have their type, and whose empty cells are nothing", async () => {
    const path = await write("t.csv", 'id,text,year,open,tags\n1,"a, b",2020,true,x|y\n2,c,,0,\n');
    const fields = { year: "number", open: "boolean", tags: "string[]" } as const;
    expect(await read(path, { fields })).toEqual([
      { id: "1", text: "a, b", metadata: { year: 2020, open: true, tags: ["x", "y"] } },
      { id: "2", text: "c", metadata: { open: false } },
    ]);
  });

  test("of a folder: whole texts by their path, in order, empty files and others left out", async () => {
    await write("site/b/two.md", "# Two");
    await write("site/a.txt", "one");
    await write("site/empty.txt", " \n");
    await write("site/picture.png", "…");
    expect(await read(join(folder, "site"))).toEqual([
      { id: "a.txt", text: "one", metadata: {} },
      { id: "b/two.md", text: "# Two", metadata: {} },
    ]);
  });

  test.each<[string, string, string, RegExp]>([
    ["no id", "a.jsonl", '{"id":1,"text":"a"}\n{"text":"b"}', /id.*a\.jsonl:2, it has text\. .*--id-field/],
    ["no text", "b.jsonl", '{"id":1,"year":2}', /text.*b\.jsonl:1, it has id, year\. .*--text-field/],
    ["a line that is no JSON", "c.jsonl", '{"id":1,"text":"a"}\n{', /JSON at .*c\.jsonl:2/],
    ["a line that is no object", "d.jsonl", "[1]", /an object at .*d\.jsonl:1, got \[1\]/],
    ["an unknown kind of file", "e.pdf", "", /\.jsonl.*got .*e\.pdf/],
    ["a word for a number", "f.csv", "id,text,year\n1,a,soon", /a number as year at record 1 .*"soon"/],
  ])("with %s are refused", async (_, name, content, message) => {
    const path = await write(name, content);
    await expect(read(path, { fields: { year: "number" } })).rejects.toThrow(
      expect.objectContaining({ code: "invalid_request", message: expect.stringMatching(message) }),
    );
  });

  test("that are not there are named", async () => {
    await expect(read(join(folder, "nowhere"))).rejects.toMatchObject({ code: "not_found" });
  });
});
