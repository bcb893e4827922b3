/** Texts, their vectors, and how alike they are: anew at every pause in typing. */
import type { EmbeddingsResponse } from "../../../../../shared/api/embeddings.ts";
import { ApiFailure } from "../../api/api-failure.ts";
import { LiveRequest } from "../../api/live-request.ts";
import { readVector } from "../../api/read-vector.ts";
import { element, replace } from "../../dom/element.ts";
import type { Page, ShowCode, View } from "../../frame/page.ts";
import { FailureNotice } from "../../parts/failure-notice.ts";
import { ModelFields } from "../../parts/model-fields.ts";
import { counted, TimingLine } from "../../parts/timing-line.ts";
import { compareCode } from "./compare-code.ts";
import { closestPair, cosine } from "./cosines.ts";
import { Heatmap, printCosine } from "./heatmap.ts";
import { letterOf, TextList } from "./text-list.ts";

const firstTexts = [
  "A horse stands in the rain.",
  "The pony got wet in the rain.",
  "The central bank raised interest rates.",
  "Stocks fell as the bank raised rates.",
  "How do I bake bread at home?",
  "Baking bread takes flour, water and time.",
];

export function compareView(page: Page, showCode: ShowCode): View {
  const request = new LiveRequest();
  const notice = new FailureNotice(page);
  const timing = new TimingLine();
  const closest = element("p", { class: "finding" });
  const list = new TextList(() => soon());
  const heatmap = new Heatmap((indices) => list.mark(indices));
  const fields = new ModelFields(page.models, true, () => soon());
  const result = element(
    "section",
    { class: "card heat", "aria-label": "Similarity" },
    notice.element,
    heatmap.element,
    closest,
    timing.element,
  );

  function soon(): void {
    keepAddress();
    request.soon(run);
  }

  function keepAddress(): void {
    const parameters = new URLSearchParams();
    const { texts } = list;
    if (texts.join("\n") !== firstTexts.join("\n")) for (const text of texts) parameters.append("text", text);
    if (fields.model !== "") parameters.set("model", fields.model);
    if (fields.dimensions !== undefined) parameters.set("dimensions", String(fields.dimensions));
    page.keepAddress(parameters);
  }

  async function run(signal: AbortSignal): Promise<void> {
    const { texts } = list;
    const filled = texts.map((text, index) => ({ text, index })).filter(({ text }) => text.trim() !== "");
    heatmap.element.hidden = filled.length === 0;
    if (filled.length === 0) {
      notice.clear();
      list.draw([]);
      replace(closest, "Write a text, and another one to compare it with.");
      timing.clear();
      showCode(null);
      return;
    }
    const input = filled.map(({ text }) => text);
    const { body: options } = fields;
    showCode(compareCode(input, options, page.codeTarget()));
    try {
      const answer = await page.api.json<EmbeddingsResponse>(
        { path: "/v1/embeddings", body: { input, ...options, encoding_format: "base64" } },
        signal,
      );
      const { data, model, usage } = answer.body;
      const vectors = data.map(({ embedding }) => readVector(embedding));
      const dimensions = vectors[0]!.length;
      if (options.dimensions === undefined) page.models.learn(model, dimensions);
      const cosines = vectors.map((a) => vectors.map((b) => cosine(a, b)));
      notice.clear();
      list.draw(
        spread(
          texts.length,
          filled.map(({ index }) => index),
          vectors,
        ),
      );
      heatmap.show(
        filled.map(({ index }) => index),
        cosines,
      );
      timing.show(answer.timing, counted(usage.total_tokens, "token"), `${model}, ${dimensions} dimensions`);
      const pair = closestPair(cosines);
      if (pair === null) return replace(closest, "Add a text to compare it with.");
      const names = [pair.row, pair.column].map((row) => letterOf(filled[row]!.index));
      const finding = `${names[0]} and ${names[1]} are closest: ${printCosine(pair.cosine)}`;
      replace(closest, finding);
      page.say(finding);
    } catch (error) {
      signal.throwIfAborted();
      heatmap.element.hidden = true;
      replace(closest);
      timing.clear();
      const allDimensions = {
        label: "Use all dimensions",
        run: () => {
          fields.choose(fields.model, "");
          soon();
        },
      };
      notice.show(
        error,
        ...(error instanceof ApiFailure && error.param === "dimensions" ? [allDimensions] : []),
      );
    }
  }

  list.texts = firstTexts;
  return {
    element: element(
      "div",
      { class: "compare" },
      element(
        "section",
        { class: "card", "aria-label": "Texts" },
        element("div", { class: "card-head" }, fields.element),
        list.element,
        element("div", { class: "row" }, list.addButton),
      ),
      result,
    ),
    open(parameters) {
      const texts = parameters.getAll("text");
      if (texts.length > 0) list.texts = texts;
      if (parameters.size > 0)
        fields.choose(parameters.get("model") ?? "", parameters.get("dimensions") ?? "");
      keepAddress();
      request.now(run);
    },
    close: () => request.cancel(),
    focus: () => list.focus(),
  };
}

/** Vectors at the places of their texts, null at those of texts that are empty. */
function spread(
  count: number,
  places: readonly number[],
  vectors: readonly Float32Array[],
): (Float32Array | null)[] {
  const all = new Array<Float32Array | null>(count).fill(null);
  for (const [i, place] of places.entries()) all[place] = vectors[i]!;
  return all;
}
