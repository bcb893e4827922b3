/** How long the teacher itself takes for a text, on one thread of its fastest runtime. */
import { fileURLToPath } from "node:url";
import { Tokenizer } from "@huggingface/tokenizers";
import { InferenceSession, Tensor } from "onnxruntime-node";
import type { TokenizerJson } from "../shared/tokenizer/tokenizer-json.ts";
import { median } from "./suite.ts";

/** Microseconds per text: the best of one at a time and batches of 16 padded to their longest, medians of 3. */
export async function teacherMicroseconds(
  folder: URL,
  json: TokenizerJson,
  texts: readonly string[],
): Promise<number> {
  const session = await InferenceSession.create(fileURLToPath(new URL("onnx/model_quantized.onnx", folder)), {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  const tokenizer = new Tokenizer({ ...json, truncation: null, padding: null }, {});
  // Of like length side by side, so that padding costs least.
  const sequences = texts.map((text) => tokenizer.encode(text).ids).sort((a, b) => a.length - b.length);
  const perText = async (batch: number): Promise<number> => {
    const begin = performance.now();
    for (let at = 0; at < sequences.length; at += batch) {
      await session.run(feeds(sequences.slice(at, at + batch)));
    }
    return ((performance.now() - begin) * 1000) / sequences.length;
  };
  await perText(16);
  const best: number[] = [];
  for (const batch of [1, 16]) {
    const times: number[] = [];
    for (let i = 0; i < 3; i++) times.push(await perText(batch));
    best.push(median(times));
  }
  await session.release();
  return Math.min(...best);
}

function feeds(sequences: readonly (readonly number[])[]): Record<string, Tensor> {
  const length = Math.max(...sequences.map((sequence) => sequence.length));
  const tensor = (value: (id: number | undefined) => number) =>
    new Tensor(
      "int64",
      BigInt64Array.from(
        sequences.flatMap((sequence) => Array.from({ length }, (_, i) => BigInt(value(sequence[i])))),
      ),
      [sequences.length, length],
    );
  return {
    input_ids: tensor((id) => id ?? 0),
    attention_mask: tensor((id) => (id === undefined ? 0 : 1)),
    token_type_ids: tensor(() => 0),
  };
}
