/** The tokens of a text, and how much each of them weighs in its vector. */
import type { SequenceResponse } from "../../../../../shared/api/sequence.ts";
import type { TokenizeResponse } from "../../../../../shared/api/text-embeddings-inference/tokenize.ts";
import { LiveRequest } from "../../api/live-request.ts";
import { readVector } from "../../api/read-vector.ts";
import { element, replace } from "../../dom/element.ts";
import type { Page, ShowCode, View } from "../../frame/page.ts";
import { FailureNotice } from "../../parts/failure-notice.ts";
import { field } from "../../parts/field.ts";
import { ModelFields } from "../../parts/model-fields.ts";
import { counted, TimingLine } from "../../parts/timing-line.ts";
import { TokenChips } from "./token-chips.ts";
import { tokensCode } from "./tokens-code.ts";
import { shownText, type WeightedToken, weightedTokens } from "./weighted-tokens.ts";

const firstText =
  "The quick brown fox jumps over the lazy dog, unbelievably often, in the rain of Reykjavík.";

/** Rows of the ranking: the rest weighs little. */
const ranked = 10;

export function tokensView(page: Page, showCode: ShowCode): View {
  const request = new LiveRequest();
  const notice = new FailureNotice(page);
  const timing = new TimingLine();
  const fields = new ModelFields(page.models, false, soon);
  const input = element("textarea", { rows: 3, spellcheck: "false", oninput: soon }, firstText);
  const detail = element("div", { class: "token-detail" });
  const chips = new TokenChips((index) => point(index));
  const ranking = element("ol", { class: "ranking" });
  const legend = element(
    "div",
    { class: "legend" },
    element("span", {}, "light"),
    element("span", { class: "ramp weight", "aria-hidden": "true" }),
    element("span", {}, "heavy"),
    element("span", { class: "token unknown" }, "unknown"),
    element("span", {}, "left out"),
  );
  const result = element("div", { class: "stack" }, chips.element, legend, detail);
  const rankingCard = element(
    "section",
    { class: "card", "aria-label": "Heaviest tokens" },
    element("h2", {}, "Heaviest tokens"),
    ranking,
  );
  let tokens: readonly WeightedToken[] = [];

  function soon(): void {
    keepAddress();
    request.soon(run);
  }

  function keepAddress(): void {
    page.keepAddress(
      new URLSearchParams({
        ...(input.value === firstText ? {} : { text: input.value }),
        ...(fields.model === "" ? {} : { model: fields.model }),
      }),
    );
  }

  async function run(signal: AbortSignal): Promise<void> {
    const text = input.value;
    const { body: options } = fields;
    if (text.trim() === "") {
      notice.clear();
      show([]);
      timing.clear("Write a text.");
      return showCode(null);
    }
    showCode(tokensCode(text, options, page.codeTarget()));
    try {
      const [given, rows] = await Promise.all([
        page.api.json<TokenizeResponse>({ path: "/tokenize", body: { inputs: text, ...options } }, signal),
        page.api.json<SequenceResponse>(
          { path: "/v1/encode_as_sequence", body: { input: text, ...options, encoding_format: "base64" } },
          signal,
        ),
      ]);
      const [{ token_ids: ids, shape, embedding }] = rows.body.data as [SequenceResponse["data"][number]];
      const all = readVector(embedding);
      const width = shape[1];
      page.models.learn(rows.body.model, width);
      const vectors = ids.map((_, i) => all.subarray(i * width, (i + 1) * width));
      notice.clear();
      show(weightedTokens(given.body[0] ?? [], { ids, vectors }));
      timing.show(
        rows.timing,
        counted(tokens.length, "token"),
        `${tokens.filter(({ weight }) => weight === null).length} unknown`,
        rows.body.model,
      );
      page.say(counted(tokens.length, "token"));
    } catch (error) {
      signal.throwIfAborted();
      show([]);
      timing.clear();
      notice.show(error);
    }
  }

  function show(shown: readonly WeightedToken[]): void {
    tokens = shown;
    const heaviest = Math.max(0, ...tokens.map(({ weight }) => weight ?? 0));
    result.hidden = tokens.length === 0;
    rankingCard.hidden = tokens.length === 0;
    chips.show(tokens, heaviest);
    const byWeight = tokens
      .map((token, index) => ({ ...token, index }))
      .filter(({ weight }) => weight !== null)
      .sort((a, b) => b.weight! - a.weight!);
    replace(
      ranking,
      ...byWeight.slice(0, ranked).map(({ text, weight, index }) => {
        const bar = element("i");
        bar.style.setProperty("width", `${(100 * weight!) / heaviest}%`);
        return element(
          "li",
          { onpointerenter: () => point(index) },
          element("span", { class: "word" }, shownText(text)),
          element("span", { class: "bar", "aria-hidden": "true" }, bar),
          element("span", { class: "numbers" }, weight!.toFixed(2)),
        );
      }),
    );
    if (tokens.length > 0) point(byWeight[0]?.index ?? 0);
  }

  function point(index: number): void {
    const token = tokens[index];
    if (token === undefined) return;
    chips.mark(index);
    const { id, text, weight, agreement } = token;
    const facts: readonly (readonly [string, string])[] = [
      ["token", text],
      ["id", String(id)],
      ["weight", weight === null ? "none: unknown tokens are left out" : weight.toFixed(3)],
      ...(agreement === null ? [] : [["cosine with the whole", agreement.toFixed(3)] as const]),
    ];
    replace(
      detail,
      element(
        "dl",
        {},
        ...facts.map(([name, value]) =>
          element("div", {}, element("dt", {}, name), element("dd", {}, value)),
        ),
      ),
    );
  }

  return {
    element: element(
      "div",
      { class: "tokens-view" },
      element(
        "section",
        { class: "card", "aria-label": "Tokens of a text" },
        fields.element,
        field("Text", input),
        notice.element,
        result,
        timing.element,
      ),
      rankingCard,
    ),
    open(parameters) {
      if (parameters.has("text")) input.value = parameters.get("text")!;
      if (parameters.size > 0) fields.choose(parameters.get("model") ?? "", "");
      keepAddress();
      request.now(run);
    },
    close: () => request.cancel(),
    focus: () => input.focus(),
  };
}
