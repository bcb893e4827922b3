/** The teacher of a few KB that `golden/make-tiny-teacher.py` made, and copies of it that lack something. */
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

export const tinyTeacher = fileURLToPath(new URL("golden/tiny-teacher", import.meta.url));

/** Dimensions of the tiny teacher's output. */
export const tinyTeacherDimensions = 8;

/** An empty directory that lives as long as the test. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "nearvec-distill-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** A copy of the tiny teacher to break. */
export async function copyOfTinyTeacher(): Promise<string> {
  const directory = join(await temporaryDirectory(), "teacher");
  await cp(tinyTeacher, directory, { recursive: true });
  return directory;
}
