/** Reads a teacher, wherever it is. */
import type { HubOrigin } from "../hub/fetched-model.ts";
import { type HubListener, silentListener } from "../hub/hub-listener.ts";
import { isHubName, ownName } from "../hub/hub-name.ts";
import { readTeacherDirectory, type TeacherFiles } from "./teacher-directory.ts";

export interface LocatedTeacher extends TeacherFiles {
  /** Where on the hub it comes from; undefined for a directory. */
  readonly origin: HubOrigin | undefined;
}

/**
 * Reads a teacher's files out of a directory, or out of the hub by way of its cache.
 *
 * @param source path of a directory, or `hf:org/name[@revision]`
 * @param onnxPath the ONNX file to use; the most precise one there if not given
 * @param listener told of downloads
 * @throws NearvecError what `readTeacherDirectory` throws; for the hub storage_access_denied,
 *   storage_unavailable and artifact_corrupt as well
 *
 * @example
 * ```ts
 * const { onnxPath } = await readTeacher("hf:sentence-transformers/all-MiniLM-L6-v2"); // "onnx/model.onnx"
 * ```
 */
export async function readTeacher(
  source: string,
  onnxPath?: string,
  listener: Partial<HubListener> = {},
): Promise<LocatedTeacher> {
  if (!isHubName(source)) return { ...(await readTeacherDirectory(source, onnxPath)), origin: undefined };
  // Loaded only when it is needed: most runs have no use for the hub's library.
  const [{ hubAccess }, { fetchTeacher }] = await Promise.all([
    import("../hub/hub-access.ts"),
    import("../hub/hub-teacher.ts"),
  ]);
  const told = { ...silentListener, ...listener };
  const fetched = await fetchTeacher(source, onnxPath, hubAccess(), told);
  const files = await readTeacherDirectory(fetched.directory, fetched.onnxPath);
  return { ...files, name: ownName(fetched.origin.repo), origin: fetched.origin };
}

/** What a model file calls its teacher: the repository, or the directory's own name. */
export function teacherName({ name, origin }: LocatedTeacher): string {
  return origin?.repo ?? name;
}
