/** Teachers whose ONNX file keeps its weights beside itself. */
import { cp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { message, messageField, textField } from "../../distill-job/export/onnx/protobuf.ts";
import { externalDataPaths } from "../../distill-job/teacher/external-data.ts";
import { runtimes } from "../../distill-job/teacher/runtime.ts";
import { openTeacher } from "../../distill-job/teacher/teacher.ts";
import { readTeacherDirectory } from "../../distill-job/teacher/teacher-directory.ts";
import { temporaryDirectory, tinyTeacher } from "./tiny-teacher.ts";

const external = join(tinyTeacher, "../tiny-teacher-external");
const graph = await readFile(join(external, "model.onnx"));
const whole = await readFile(join(tinyTeacher, "onnx/model.onnx"));

/** As much of an ONNX file as says where a constant is. */
const pointingTo = (location: string) =>
  message(
    messageField(7, messageField(5, messageField(13, textField(1, "location"), textField(2, location)))),
  );

/** The tiny teacher, its weights in a file of their own. */
async function externalTeacher(): Promise<string> {
  const directory = join(await temporaryDirectory(), "teacher");
  await cp(tinyTeacher, directory, { recursive: true });
  await cp(external, join(directory, "onnx"), { recursive: true });
  return directory;
}

describe("where an ONNX file has its weights", () => {
  test.each<[string, Uint8Array, string[]]>([
    ["beside itself", graph, ["model.onnx_data"]],
    ["in a folder", pointingTo("weights/a.bin"), ["weights/a.bin"]],
    ["in itself", whole, []],
    ["nowhere, if it is none", Buffer.from("a page that says not found"), []],
    ["nowhere, if it is cut short", graph.subarray(0, graph.length - 100), []],
  ])("%s", (_, onnx, paths) => {
    expect(externalDataPaths(onnx)).toEqual(paths);
  });

  test.each(["../weights", "a/../../weights", "/etc/passwd", "C:\\weights", "..\\weights"])(
    "%s is refused",
    (location) => {
      expect(() => externalDataPaths(pointingTo(location))).toThrow(
        /^Expected the ONNX file to keep its weights beside itself/,
      );
    },
  );
});

test.each(runtimes)("with %s they give the same vectors as inside the file", async (runtime) => {
  const vectorsOf = async (directory: string) => {
    const files = await readTeacherDirectory(directory);
    const teacher = await openTeacher(files, { runtime, pooling: "mean", threads: 1 });
    onTestFinished(() => teacher.close());
    return teacher.embed({
      ids: BigInt64Array.of(4n, 8n, 9n, 5n),
      lengths: Int32Array.of(4),
      length: 4,
    });
  };
  expect(await vectorsOf(await externalTeacher())).toEqual(await vectorsOf(tinyTeacher));
});

test("they are part of what the teacher is", async () => {
  const files = await readTeacherDirectory(await externalTeacher());
  expect(files.externalDataSha256).toMatch(/^[0-9a-f]{64}$/);
  expect((await readTeacherDirectory(tinyTeacher)).externalDataSha256).toBeUndefined();
});

test("if they are not there, it is said where they should be", async () => {
  const directory = await externalTeacher();
  await rm(join(directory, "onnx/model.onnx_data"));
  await expect(readTeacherDirectory(directory)).rejects.toMatchObject({
    code: "not_found",
    message: expect.stringMatching(/^Expected the weights of onnx\/model\.onnx at .*onnx\/model\.onnx_data/),
  });
});
