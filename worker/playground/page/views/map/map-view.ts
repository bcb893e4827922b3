/** A collection's documents as points: what means the same lies close together. */
import type { CollectionAnswer } from "../../../../../shared/api/collections/collection-answer.ts";
import type { EmbeddingsResponse } from "../../../../../shared/api/embeddings.ts";
import { pathOf } from "../../api/collections.ts";
import { LiveRequest } from "../../api/live-request.ts";
import { readVector } from "../../api/read-vector.ts";
import { element, replace, uniqueId } from "../../dom/element.ts";
import type { Page, ShowCode, View } from "../../frame/page.ts";
import { CollectionField } from "../../parts/collection-field.ts";
import { FailureNotice } from "../../parts/failure-notice.ts";
import { ChoiceField, field } from "../../parts/field.ts";
import { counted, milliseconds, TimingLine } from "../../parts/timing-line.ts";
import { makeSample } from "../search/make-sample.ts";
import { sampleName } from "../search/sample-collection.ts";
import { mapCode } from "./map-code.ts";
import { PointCanvas } from "./point-canvas.ts";
import { colourPoints, fieldsOf } from "./point-colours.ts";
import { type PrincipalAxes, principalAxes, project } from "./principal-axes.ts";
import { maxPoints, type Points, readPoints } from "./read-points.ts";

/** Documents that a query is joined to. */
const nearestShown = 5;

interface DrawnMap {
  readonly collection: CollectionAnswer;
  readonly points: Points;
  readonly axes: PrincipalAxes;
}

export function mapView(page: Page, showCode: ShowCode): View {
  const loading = new LiveRequest();
  const asking = new LiveRequest();
  const notice = new FailureNotice(page);
  const timing = new TimingLine();
  const detailId = uniqueId();
  const choice = new CollectionField(page, () => load());
  const colourChoice = new ChoiceField(() => {
    showColours();
    keepAddress();
  });
  const query = element("input", {
    type: "search",
    spellcheck: "false",
    autocomplete: "off",
    placeholder: "a pony in the rain",
    oninput: () => {
      keepAddress();
      asking.soon(showQuery);
    },
  });
  const canvas = new PointCanvas(detailId, (index) => showDetail(index));
  const legend = element("ul", { class: "map-legend" });
  const detail = element("div", { id: detailId, class: "map-detail", "aria-live": "polite" });
  const near = element("div", { class: "map-near" });
  const empty = element(
    "div",
    { class: "empty", hidden: true },
    element("strong", {}, "No collection yet"),
    element("p", {}, "The map shows the documents of a collection."),
    element(
      "button",
      { type: "button", class: "primary", onclick: () => void sample() },
      "Make a sample: 64 notes",
    ),
  );
  const controls = element(
    "section",
    { class: "card", "aria-label": "What is shown", hidden: true },
    element(
      "div",
      { class: "fields" },
      choice.element,
      field("Colour by", colourChoice.select),
      field("Query to show in it", query),
    ),
  );
  const shown = element(
    "section",
    { class: "map-body", hidden: true },
    element("div", { class: "card map-card" }, canvas.element, legend, timing.element),
    element("aside", { class: "card", "aria-label": "Documents" }, detail, near),
  );
  let drawn: DrawnMap | undefined;
  let wantedColour: string | undefined;

  function keepAddress(): void {
    page.keepAddress(
      new URLSearchParams({
        ...(choice.name === "" ? {} : { collection: choice.name }),
        ...(colourChoice.value === "" ? {} : { colour: colourChoice.value }),
        ...(query.value === "" ? {} : { query: query.value }),
      }),
    );
  }

  function load(): void {
    loading.now(async (signal) => {
      try {
        await choice.load(signal);
        const none = choice.name === "";
        empty.hidden = !none;
        controls.hidden = none;
        shown.hidden = none;
        notice.clear();
        if (none) return showCode(null);
        await draw(choice.name, signal);
      } catch (error) {
        signal.throwIfAborted();
        drawn = undefined;
        shown.hidden = true;
        controls.hidden = page.collections.names.length === 0;
        showCode(null);
        notice.show(error);
      }
    });
  }

  async function draw(name: string, signal: AbortSignal): Promise<void> {
    showCode(mapCode(name, page.codeTarget()));
    timing.clear("Reading documents…");
    const collection = await page.collections.describe(name, signal);
    const answer = await page.api.fetch({ path: pathOf(name, "/export?include=vector") }, signal);
    const { documents } = collection.statistics;
    const points = await readPoints(answer.body!, collection.dimensions, (count) =>
      timing.clear(`Reading documents… ${count} of ${documents}`),
    );
    const began = performance.now();
    const axes = await principalAxes(points.vectors, points.documents.length, points.width, nextTask);
    signal.throwIfAborted();
    drawn = { collection, points, axes };
    const fields = fieldsOf(points.documents);
    const colour = wantedColour ?? colourChoice.value;
    wantedColour = undefined;
    colourChoice.offer(
      [{ value: "", label: "one colour" }, ...fields.map((name) => ({ value: name, label: name }))],
      fields.includes(colour) ? colour : (fields[0] ?? ""),
    );
    showColours();
    showDetail(-1);
    replace(
      timing.element,
      element("span", {}, counted(points.documents.length, "point")),
      element("span", {}, `the two axes hold ${Math.round(100 * axes.explained)}% of the variance`),
      element("span", {}, `computed in this page in ${milliseconds(performance.now() - began)}`),
      points.cut && element("span", {}, `of ${documents} documents the first ${maxPoints} are shown`),
    );
    keepAddress();
    page.say(`A map of ${counted(points.documents.length, "point")}`);
    await showQuery(signal);
  }

  function showColours(): void {
    if (drawn === undefined) return;
    const { points, axes } = drawn;
    const { colour, legend: lines } = colourPoints(points.documents, colourChoice.value);
    const places = points.documents.map((_, i) => project(vectorOf(points, i), axes));
    canvas.show({ places, colour });
    replace(
      legend,
      ...lines.map(({ label, colour, count }) =>
        element(
          "li",
          {},
          element("span", { class: `swatch point-${colour}`, "aria-hidden": "true" }),
          label,
          element("span", { class: "soft" }, count),
        ),
      ),
    );
  }

  async function showQuery(signal: AbortSignal): Promise<void> {
    if (drawn === undefined) return;
    const { collection, points, axes } = drawn;
    const text = query.value.trim();
    if (text === "" || points.documents.length === 0) {
      canvas.showQuery(null);
      replace(near);
      return;
    }
    try {
      const { body } = await page.api.json<EmbeddingsResponse>(
        {
          path: "/v1/embeddings",
          body: {
            input: text,
            model: collection.model.id,
            dimensions: collection.dimensions,
            encoding_format: "base64",
          },
        },
        signal,
      );
      const vector = readVector(body.data[0]!.embedding);
      const nearest = nearestTo(vector, points);
      notice.clear();
      canvas.showQuery({ place: project(vector, axes), nearest: nearest.map(({ index }) => index) });
      replace(
        near,
        element("h2", {}, "Nearest to the query"),
        element(
          "ol",
          {},
          ...nearest.map(({ index, cosine }) =>
            element(
              "li",
              {},
              element(
                "button",
                {
                  type: "button",
                  class: "quiet",
                  onclick: () => {
                    canvas.mark(index);
                    showDetail(index);
                  },
                },
                element("b", { class: "numbers" }, cosine.toFixed(2)),
                element("span", {}, points.documents[index]!.text || points.documents[index]!.id),
              ),
            ),
          ),
        ),
      );
    } catch (error) {
      signal.throwIfAborted();
      canvas.showQuery(null);
      replace(near);
      notice.show(error);
    }
  }

  function showDetail(index: number): void {
    const document = drawn?.points.documents[index];
    if (document === undefined) {
      replace(
        detail,
        element(
          "p",
          { class: "soft" },
          "Point at a document, or go to the map with Tab and from one to the next with the arrow keys.",
        ),
      );
      return;
    }
    const { id, text, metadata } = document;
    replace(
      detail,
      element("h2", {}, element("code", {}, id)),
      element("p", { class: "snippet" }, text.length > 400 ? `${text.slice(0, 400)}…` : text),
      element(
        "p",
        { class: "result-head" },
        ...Object.entries(metadata).map(([name, value]) =>
          element(
            "span",
            {},
            `${name} `,
            element("b", {}, typeof value === "string" ? value : JSON.stringify(value)),
          ),
        ),
      ),
      element(
        "button",
        {
          type: "button",
          class: "small",
          onclick: () => page.go("search", new URLSearchParams({ collection: choice.name, like: id })),
        },
        "Search for documents like it",
      ),
    );
  }

  async function sample(): Promise<void> {
    try {
      await makeSample(page);
      choice.name = sampleName;
      load();
    } catch (error) {
      notice.show(error);
    }
  }

  return {
    element: element("div", { class: "stack map-view" }, notice.element, empty, controls, shown),
    open(parameters) {
      if (parameters.size > 0) {
        if (parameters.has("collection")) choice.name = parameters.get("collection")!;
        query.value = parameters.get("query") ?? "";
        wantedColour = parameters.get("colour") ?? undefined;
      }
      load();
    },
    close() {
      loading.cancel();
      asking.cancel();
    },
    focus: () => query.focus(),
  };
}

function vectorOf({ vectors, width }: Points, index: number): Float32Array {
  return vectors.subarray(index * width, (index + 1) * width);
}

/** By cosine in all dimensions, not by distance on the map, which has but two of them. */
function nearestTo(
  query: Float32Array,
  points: Points,
): { readonly index: number; readonly cosine: number }[] {
  return points.documents
    .map((_, index) => {
      const vector = vectorOf(points, index);
      let product = 0;
      let square = 0;
      for (let i = 0; i < vector.length; i++) {
        product += vector[i]! * query[i]!;
        square += vector[i]! ** 2;
      }
      // A vector that a client brought may have any length.
      return { index, cosine: square === 0 ? 0 : product / Math.sqrt(square) };
    })
    .sort((a, b) => b.cosine - a.cosine)
    .slice(0, nearestShown);
}

/** Lets the page answer to what has happened meanwhile. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
