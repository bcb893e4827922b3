/** A collection, what is searched for in it, and why it was found. */
import type { CollectionAnswer } from "../../../../../shared/api/collections/collection-answer.ts";
import type { SearchAnswer } from "../../../../../shared/api/collections/search-answer.ts";
import { ApiFailure } from "../../api/api-failure.ts";
import { pathOf } from "../../api/collections.ts";
import { LiveRequest } from "../../api/live-request.ts";
import { element, replace } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import type { Page, ShowCode, View } from "../../frame/page.ts";
import { CollectionField } from "../../parts/collection-field.ts";
import { openDialog } from "../../parts/dialog.ts";
import { FailureNotice } from "../../parts/failure-notice.ts";
import { counted, TimingLine } from "../../parts/timing-line.ts";
import { addDocumentsDialog, deleteCollectionDialog, newCollectionDialog } from "./collection-dialogs.ts";
import { makeSample } from "./make-sample.ts";
import { resultItem } from "./result-item.ts";
import { sampleName } from "./sample-collection.ts";
import { searchCode } from "./search-code.ts";
import { SearchForm } from "./search-form.ts";

const firstQuery = "riding a pony in the rain";

export function searchView(page: Page, showCode: ShowCode): View {
  const opening = new LiveRequest();
  const searching = new LiveRequest();
  const notice = new FailureNotice(page);
  const timing = new TimingLine();
  const choice = new CollectionField(page, () => openCollection());
  const form = new SearchForm(() => {
    keepAddress();
    searching.soon(search);
  });
  const facts = element("p", { class: "timing" });
  const results = element("ol", { class: "results" });
  const nothing = element("p", { class: "soft" });
  const tools = element(
    "div",
    { class: "row" },
    action("add", "Documents", () =>
      openDialog(
        addDocumentsDialog(page, choice.name, collection?.fields ?? {}, (written) =>
          changed(`${counted(written, "document")} written`),
        ),
      ),
    ),
    action("add", "Collection", () => openDialog(newCollectionDialog(page, chooseMade))),
    sampleButton("quiet", "Sample"),
    element(
      "button",
      {
        type: "button",
        class: "quiet danger",
        onclick: () =>
          openDialog(
            deleteCollectionDialog(page, choice.name, () => {
              choice.name = page.collections.names[0] ?? "";
              openCollection();
            }),
          ),
      },
      "Delete",
    ),
  );
  const head = element(
    "div",
    { class: "card-head" },
    element("div", { class: "fields" }, choice.element),
    tools,
  );
  const empty = element(
    "div",
    { class: "empty", hidden: true },
    element("strong", {}, "No collection yet"),
    element(
      "p",
      {},
      "A collection holds documents, each with an id, a text and metadata, and finds them by meaning and by words.",
    ),
    element(
      "div",
      { class: "row" },
      sampleButton("primary", "Make a sample: 64 notes"),
      element(
        "button",
        { type: "button", onclick: () => openDialog(newCollectionDialog(page, chooseMade)) },
        "Make one of your own",
      ),
    ),
  );
  const card = element(
    "section",
    { class: "card", "aria-label": "Search", hidden: true },
    head,
    facts,
    form.element,
  );
  const found = element(
    "section",
    { class: "card", "aria-label": "Results", hidden: true },
    scoreLegend(),
    nothing,
    results,
    timing.element,
  );
  let collection: CollectionAnswer | undefined;
  /** Conditions of an address wait here until the collection's fields are known. */
  let waiting: URLSearchParams | undefined;

  function keepAddress(): void {
    const parameters = new URLSearchParams();
    if (choice.name !== "") parameters.set("collection", choice.name);
    form.print(parameters);
    page.keepAddress(parameters);
  }

  function openCollection(): void {
    opening.now(async (signal) => {
      try {
        await choice.load(signal);
        notice.clear();
        const none = choice.name === "";
        empty.hidden = !none;
        card.hidden = none;
        found.hidden = none;
        if (none) return showCode(null);
        collection = await page.collections.describe(choice.name, signal);
        showFacts(collection);
        form.showCollection(collection);
        if (waiting !== undefined) form.readFilters(waiting, collection.fields);
        waiting = undefined;
        keepAddress();
        await search(signal);
      } catch (error) {
        signal.throwIfAborted();
        const isGone = error instanceof ApiFailure && error.code === "collection_not_found";
        found.hidden = true;
        card.hidden = !isGone;
        form.element.hidden = isGone;
        empty.hidden = true;
        showCode(null);
        notice.show(error);
      }
    });
  }

  function showFacts({ statistics, model, dimensions }: CollectionAnswer): void {
    form.element.hidden = false;
    const { documents, generation, pending } = statistics;
    const shown = [
      counted(documents, "document"),
      `${model.id}, ${dimensions} dimensions`,
      `generation ${generation}`,
      ...(pending > 0 ? [`${counted(pending, "write")} to be published`] : []),
    ];
    replace(facts, ...shown.map((fact) => element("span", {}, fact)));
  }

  async function search(signal: AbortSignal): Promise<void> {
    const { body } = form;
    if (body === null) {
      replace(results);
      timing.clear();
      notice.clear();
      replace(nothing, "Write what you are looking for.");
      nothing.hidden = false;
      return showCode(null);
    }
    const { name } = choice;
    showCode(searchCode(name, body, page.codeTarget()));
    const { fusion } = form;
    try {
      const answer = await page.api.json<SearchAnswer>({ path: pathOf(name, "/search"), body }, signal);
      notice.clear();
      found.hidden = false;
      const [best] = answer.body.results;
      const items = answer.body.results.map((result) =>
        resultItem(result, best!, fusion, { like: (id) => form.like(id) }),
      );
      replace(results, ...items);
      nothing.hidden = best !== undefined;
      if (best === undefined)
        replace(nothing, "Nothing passes. Loosen the filter, or search by meaning as well.");
      const { partial, generation } = answer.body;
      timing.show(
        answer.timing,
        counted(items.length, "result"),
        `generation ${generation}`,
        ...(partial ? ["parts of the collection could not be read"] : []),
      );
      page.say(counted(items.length, "result"));
    } catch (error) {
      signal.throwIfAborted();
      replace(results);
      found.hidden = true;
      timing.clear();
      notice.show(error);
    }
  }

  function chooseMade(name: string): void {
    choice.name = name;
    changed(`${name} is made`);
  }

  function changed(said: string): void {
    page.say(said);
    openCollection();
  }

  function sampleButton(kind: string, label: string): HTMLButtonElement {
    const button = element(
      "button",
      {
        type: "button",
        class: kind,
        onclick: async () => {
          button.disabled = true;
          try {
            await makeSample(page);
            choice.name = sampleName;
            if (form.query === "") form.query = firstQuery;
            changed("The sample is there");
          } catch (error) {
            notice.show(error);
          } finally {
            button.disabled = false;
          }
        },
      },
      label,
    );
    return button;
  }

  return {
    element: element("div", { class: "stack search-view" }, notice.element, empty, card, found),
    open(parameters) {
      if (parameters.size > 0) {
        form.read(parameters);
        waiting = parameters;
        if (parameters.has("collection")) choice.name = parameters.get("collection")!;
      }
      openCollection();
    },
    close() {
      opening.cancel();
      searching.cancel();
    },
    focus: () => form.focus(),
  };
}

function action(sign: "add", label: string, run: () => void): HTMLButtonElement {
  return element("button", { type: "button", class: "quiet", onclick: run }, icon(sign), label);
}

function scoreLegend(): HTMLElement {
  return element(
    "div",
    { class: "legend" },
    element("span", { class: "swatch vector", "aria-hidden": "true" }),
    element("span", {}, "meaning: cosine"),
    element("span", { class: "swatch word", "aria-hidden": "true" }),
    element("span", {}, "words: BM25"),
  );
}
