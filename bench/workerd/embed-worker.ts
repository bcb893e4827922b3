/** Runs inside workerd: encodes texts with nearvec and with its peer, and says how long each took. */
import { Tokenizer } from "@huggingface/tokenizers";
import { StaticModel } from "../../shared/static-model.ts";
import { JsStaticModel } from "./js-static-model.ts";

let file: ArrayBuffer;
let model: StaticModel;
let peer: JsStaticModel;
let texts: Record<string, string[]> = {};

/** Milliseconds to spend on one measurement: the clock of workerd ticks once per millisecond. */
const measureMs = 300;

/** Microseconds per text of one pass after another over a set, until enough time has gone by. */
function measure(encode: (text: string) => unknown, set: readonly string[]): number {
  const begin = performance.now();
  let passes = 0;
  let elapsed = 0;
  do {
    for (const text of set) encode(text);
    passes++;
    elapsed = performance.now() - begin;
  } while (elapsed < measureMs);
  return (elapsed * 1000) / (passes * set.length);
}

const routes: Record<string, (request: Request, url: URL) => Promise<unknown>> = {
  async "/model"(request) {
    file = await request.arrayBuffer();
    model = await StaticModel.load(file);
    return { dimensions: model.dimensions };
  },
  async "/peer"(request) {
    peer = new JsStaticModel(new Tokenizer(await request.json(), {}), file, model.metadata);
    return {};
  },
  async "/texts"(request) {
    texts = (await request.json()) as Record<string, string[]>;
    return {};
  },
  /** The least cosine between the two, over all texts: they must be doing the same work. */
  async "/agreement"() {
    const cosines = Object.values(texts).flatMap((set) =>
      set.map((text) => {
        const mine = model.encode(text);
        const theirs = peer.encode(text);
        return mine.reduce((sum, value, i) => sum + value * theirs[i]!, 0);
      }),
    );
    return { least: Math.min(...cosines) };
  },
  async "/measure"(_, url) {
    const set = texts[url.searchParams.get("texts")!]!;
    const output = new Float32Array(model.dimensions);
    switch (url.searchParams.get("what")) {
      case "nearvec":
        return { microseconds: measure((text) => model.encodeInto(text, output, 0), set) };
      case "nearvec-encode":
        return { microseconds: measure((text) => model.encode(text), set) };
      case "nearvec-tokenize":
        return { microseconds: measure((text) => model.tokenize(text), set) };
      case "peer":
        return { microseconds: measure((text) => peer.encode(text), set) };
      default:
        throw new Error("Expected what=nearvec, nearvec-encode, nearvec-tokenize or peer");
    }
  },
};

export default {
  async fetch(request: Request): Promise<Response> {
    const url = new URL(request.url);
    return Response.json(await routes[url.pathname]!(request, url));
  },
};
