/** The exports that golden/make-golden.py loads, by the names that it finds them under. */
import type { DirectoryContent } from "../../distill-job/export/directory-content.ts";
import type { ExportedModel } from "../../distill-job/export/exported-model.ts";
import { model2vecDirectory } from "../../distill-job/export/model2vec-directory.ts";
import { sentenceTransformersDirectory } from "../../distill-job/export/sentence-transformers-directory.ts";

export function exportsForPython(model: ExportedModel): Record<string, DirectoryContent> {
  return {
    "model2vec-float32": model2vecDirectory(model, "float32"),
    "model2vec-float16": model2vecDirectory(model, "float16"),
    "model2vec-int8": model2vecDirectory(model, "int8"),
    "sentence-transformers": sentenceTransformersDirectory(model, "float32"),
  };
}
