/** What is asked of a collection: the query, how it is searched for, and the filter. */
import type { CollectionAnswer } from "../../../../../shared/api/collections/collection-answer.ts";
import { element, replace, uniqueId } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import { FilterBuilder } from "./filter-builder.ts";
import type { Fields, FilterRow } from "./filter-rows.ts";
import type { Fusion } from "./score-parts.ts";
import type { SearchBody } from "./search-code.ts";

const modes = [
  ["hybrid", "Both"],
  ["vector", "Meaning"],
  ["keyword", "Words"],
] as const;
type Mode = (typeof modes)[number][0];

/** Results that are shown. */
const shownResults = 10;

export class SearchForm {
  readonly element: HTMLElement;
  readonly #query: HTMLInputElement;
  readonly #like = element("p", { class: "like-line", hidden: true });
  readonly #modes = new Map<Mode, HTMLInputElement>();
  readonly #fusion: HTMLElement;
  readonly #weight: HTMLInputElement;
  readonly #byRank: HTMLInputElement;
  readonly #weightLabel = element("span");
  readonly #filters: FilterBuilder;
  readonly #changed: () => void;
  readonly #modeChoice: HTMLElement;
  /** Whether the collection's vectors are in Vectorize, which finds by meaning alone, and not what was written just now. */
  #inVectorize = false;
  /** A document's id to search by, in place of the query. */
  #likeId = "";

  constructor(changed: () => void) {
    this.#changed = changed;
    const id = uniqueId();
    const name = uniqueId();
    const change = () => {
      this.#show();
      changed();
    };
    this.#query = element("input", {
      id,
      type: "search",
      spellcheck: "false",
      autocomplete: "off",
      placeholder: "animals in bad weather",
      oninput: () => {
        this.#likeId = "";
        change();
      },
    });
    this.#weight = element("input", {
      type: "range",
      min: 0,
      max: 1,
      step: 0.05,
      value: 0.5,
      oninput: change,
    });
    this.#weight.id = uniqueId();
    this.#byRank = element("input", { type: "checkbox", onchange: change });
    this.#filters = new FilterBuilder(changed);
    this.#fusion = element(
      "div",
      { class: "fusion" },
      element("label", { for: this.#weight.id }, "Weight of meaning: ", this.#weightLabel),
      this.#weight,
      element("label", { class: "check" }, this.#byRank, "by rank instead"),
    );
    this.#modeChoice = element(
      "div",
      { class: "segments", role: "radiogroup", "aria-label": "Search by" },
      ...modes.map(([mode, label]) => {
        const input = element("input", {
          type: "radio",
          name,
          value: mode,
          checked: mode === "hybrid",
          onchange: change,
        });
        this.#modes.set(mode, input);
        return element("label", {}, input, element("span", {}, label));
      }),
    );
    this.element = element(
      "div",
      { class: "stack" },
      element("div", { class: "field" }, element("label", { for: id }, "Query"), this.#query, this.#like),
      element("div", { class: "search-options" }, this.#modeChoice, this.#fusion),
      this.#filters.element,
    );
    this.#show();
  }

  get mode(): Mode {
    if (this.#inVectorize) return "vector";
    return modes.find(([mode]) => this.#modes.get(mode)!.checked)?.[0] ?? "hybrid";
  }

  get fusion(): Fusion {
    return this.#byRank.checked
      ? { type: "reciprocal_rank", k: 60 }
      : { type: "weighted", weight: this.#weight.valueAsNumber };
  }

  /** The body of the request; null as long as nothing is asked. */
  get body(): SearchBody | null {
    const query = this.#query.value.trim();
    if (query === "" && this.#likeId === "") return null;
    const { filter } = this.#filters;
    const byText = this.#likeId === "";
    return {
      ...(byText ? { query, mode: this.mode } : { id: this.#likeId }),
      ...(byText && this.mode === "hybrid" ? { fusion: this.fusion } : {}),
      ...(filter === undefined ? {} : { filter }),
      top_k: shownResults,
      explain: true,
      // What was added a moment ago is to be found.
      ...(this.#inVectorize ? {} : { consistency: "strong" }),
    };
  }

  get query(): string {
    return this.#query.value;
  }

  set query(query: string) {
    this.#query.value = query;
    this.#likeId = "";
    this.#show();
  }

  like(id: string): void {
    this.#query.value = "";
    this.#likeId = id;
    this.#show();
    this.#changed();
  }

  /** What can be asked of this collection; the conditions that fit it stay. */
  showCollection({ fields, backend }: Pick<CollectionAnswer, "fields" | "backend">): void {
    this.#inVectorize = backend === "vectorize";
    this.#filters.show(fields);
    this.#show();
  }

  read(parameters: URLSearchParams): void {
    this.#query.value = parameters.get("query") ?? "";
    this.#likeId = parameters.get("like") ?? "";
    const mode = modes.find(([name]) => name === parameters.get("mode"))?.[0] ?? "hybrid";
    this.#modes.get(mode)!.checked = true;
    this.#byRank.checked = parameters.get("fusion") === "rank";
    this.#weight.value = parameters.get("weight") ?? "0.5";
    this.#show();
  }

  /** Conditions that an address names; kept as soon as the collection's fields are known. */
  readFilters(parameters: URLSearchParams, fields: Fields): void {
    this.#filters.show(
      fields,
      parameters
        .getAll("filter")
        .map(readRow)
        .filter((row) => row !== null),
    );
  }

  print(parameters: URLSearchParams): void {
    if (this.#likeId !== "") parameters.set("like", this.#likeId);
    if (this.#query.value !== "") parameters.set("query", this.#query.value);
    if (this.mode !== "hybrid") parameters.set("mode", this.mode);
    if (this.#byRank.checked) parameters.set("fusion", "rank");
    if (this.#weight.value !== "0.5") parameters.set("weight", this.#weight.value);
    for (const { field, operator, value } of this.#filters.rows) {
      parameters.append("filter", JSON.stringify([field, operator, value]));
    }
  }

  focus(): void {
    this.#query.focus();
    this.#query.select();
  }

  #show(): void {
    this.#weightLabel.textContent = this.#byRank.checked ? "by rank" : this.#weight.valueAsNumber.toFixed(2);
    this.#weight.disabled = this.#byRank.checked;
    this.#modeChoice.hidden = this.#inVectorize;
    this.#fusion.hidden = this.mode !== "hybrid" || this.#likeId !== "";
    this.#like.hidden = this.#likeId === "";
    replace(
      this.#like,
      "Documents like ",
      element("code", {}, this.#likeId),
      element(
        "button",
        {
          type: "button",
          class: "quiet square",
          "aria-label": "Search by a query again",
          onclick: () => {
            this.#likeId = "";
            this.#show();
            this.#query.focus();
            this.#changed();
          },
        },
        icon("remove"),
      ),
    );
  }
}

function readRow(text: string): FilterRow | null {
  try {
    const [field, operator, value] = JSON.parse(text) as unknown[];
    return { field: String(field), operator: String(operator), value: String(value) };
  } catch {
    // A link that somebody has cut.
    return null;
  }
}
