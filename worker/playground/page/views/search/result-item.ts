/** One result: what was found, and why it scored. */
import type { Explanation, SearchResult } from "../../../../../shared/api/collections/search-answer.ts";
import { element } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import { markedText } from "./marked-text.ts";
import { type Fusion, scoreParts } from "./score-parts.ts";

export interface ResultActions {
  /** Searches for documents like this one. */
  like(id: string): void;
}

export function resultItem(
  result: SearchResult,
  best: SearchResult,
  fusion: Fusion,
  actions: ResultActions,
): HTMLElement {
  const { id, score, snippet, metadata = {}, explain } = result;
  const parts = scoreParts(result, best, fusion);
  return element(
    "li",
    { class: "result" },
    element(
      "div",
      { class: "result-head" },
      element("code", { class: "id" }, id),
      ...Object.entries(metadata).map(([name, value]) =>
        element("span", { class: "meta" }, `${name} `, element("b", {}, printed(value))),
      ),
      element(
        "button",
        {
          type: "button",
          class: "quiet small like",
          "aria-label": `More like this: ${id}`,
          onclick: () => actions.like(id),
        },
        "More like this",
        icon("alike"),
      ),
    ),
    snippet !== undefined && element("p", { class: "snippet" }, ...markedText(snippet.text, snippet.matches)),
    element(
      "div",
      { class: "why" },
      element("span", { class: "score numbers" }, score.toFixed(3)),
      element(
        "span",
        { class: "bar", "aria-hidden": "true" },
        part("", parts.vector),
        part("word-part", parts.keyword),
      ),
      explain !== undefined && element("span", { class: "reasons" }, ...reasons(explain)),
    ),
  );
}

function part(name: string, share: number): HTMLElement {
  const made = element("i", { class: name });
  made.style.setProperty("width", `${(100 * share).toFixed(1)}%`);
  return made;
}

function reasons({ vector, keyword }: Explanation): HTMLElement[] {
  const made: HTMLElement[] = [];
  if (vector !== null) {
    made.push(
      element(
        "span",
        { class: "reason" },
        "meaning ",
        element("b", {}, vector.score.toFixed(2)),
        ranked(vector.rank),
      ),
    );
  }
  if (keyword !== null && keyword.score > 0) {
    const terms = keyword.terms.map(({ term, score }) => `${term} ${score.toFixed(1)}`).join(", ");
    made.push(
      element(
        "span",
        { class: "reason words" },
        "words ",
        element("b", {}, keyword.score.toFixed(1)),
        ranked(keyword.rank),
        terms === "" ? "" : ` (${terms})`,
      ),
    );
  }
  return made;
}

function ranked(rank: number | null): string {
  return rank === null ? "" : `, rank ${rank}`;
}

function printed(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
