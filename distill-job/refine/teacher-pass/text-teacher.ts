/** A teacher with its own tokenizer: texts in, one vector per text out. */
import { Tokenizer } from "@huggingface/tokenizers";
import type { HubListener } from "../../hub/hub-listener.ts";
import { choosePooling } from "../../teacher/declared-pooling.ts";
import { embedSequences } from "../../teacher/embed-sequences.ts";
import type { Pooling } from "../../teacher/pooling.ts";
import { type LocatedTeacher, readTeacher } from "../../teacher/read-teacher.ts";
import type { Runtime } from "../../teacher/runtime.ts";
import { openTeacher, type Teacher } from "../../teacher/teacher.ts";
import { cleanTokenizer } from "../../vocabulary/clean-tokenizer.ts";

/** A teacher, as the command line names it. */
export interface TeacherChoice {
  /** Path, or `hf:org/name[@revision]`. */
  readonly directory: string;
  /** What its cosines count in relation to the other teachers'. */
  readonly weight: number;
  /** What it says itself, or the mean, if not given. */
  readonly pooling?: Pooling | undefined;
  /** The ONNX file, relative to the directory; the most precise one there if not given. */
  readonly onnxPath?: string | undefined;
  /** What to call it; its directory's name if not given. */
  readonly name?: string | undefined;
}

export interface TextTeacherOptions {
  readonly runtime: Runtime;
  readonly threads?: number | undefined;
  /** Tokens of a text that the teacher reads at most, `[CLS]` and `[SEP]` among them. */
  readonly maxTokens: number;
}

export interface TextTeacher {
  readonly files: LocatedTeacher;
  readonly teacher: Teacher;
  readonly dimensions: number;
  readonly padId: number;
  /** What its vectors depend on beside the text. */
  readonly identity: readonly string[];
  /** What the teacher reads of a text. */
  tokenize(text: string): number[];
  /** The same for one token of a vocabulary: as one token if the teacher knows it, as text otherwise. */
  tokenizeToken(token: string): number[];
}

/** @throws NearvecError not_found, tokenizer_unsupported, teacher_invalid, invalid_request */
export async function openTextTeacher(
  choice: TeacherChoice,
  { runtime, threads, maxTokens }: TextTeacherOptions,
  listener?: Partial<HubListener>,
): Promise<TextTeacher> {
  const files = await readTeacher(choice.directory, choice.onnxPath, listener);
  const { padToken } = files;
  const pooling = choosePooling(choice.pooling, files);
  const { tokens, teacherIds, before, after, padId } = cleanTokenizer(files.tokenizer, {
    padToken,
    removePattern: null,
  });
  const idOf = new Map(tokens.map((token, i) => [token, teacherIds[i]!]));
  const tokenizer = new Tokenizer({ ...files.tokenizer, truncation: null, padding: null }, {});
  const idsOf = (text: string): number[] => {
    const { ids } = tokenizer.encode(text, { add_special_tokens: false });
    return [...before, ...ids.slice(0, maxTokens - before.length - after.length), ...after];
  };
  const teacher = await openTeacher(files, { runtime, threads, pooling });
  try {
    const { dimensions } = await embedSequences(teacher, [idsOf("a")], padId);
    return {
      files,
      teacher,
      dimensions,
      padId,
      identity: [
        files.onnxSha256,
        ...(files.externalDataSha256 === undefined ? [] : [files.externalDataSha256]),
        files.tokenizerSha256,
        pooling,
        teacher.runtime,
        `${maxTokens} tokens`,
      ],
      tokenize: idsOf,
      tokenizeToken: (token) => {
        const id = idOf.get(token);
        return id === undefined ? idsOf(token.replace(/^##/, "")) : [...before, id, ...after];
      },
    };
  } catch (error) {
    await teacher.close();
    throw error;
  }
}
