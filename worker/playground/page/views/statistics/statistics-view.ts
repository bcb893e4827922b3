/** What the isolate that answers holds and has done: models, memory, requests. */
import type { Health } from "../../../../../shared/api/health.ts";
import type { ModelList } from "../../../../../shared/api/model-list.ts";
import { LiveRequest } from "../../api/live-request.ts";
import type { CodeSample, CodeTarget } from "../../code/code-sample.ts";
import { curlCode } from "../../code/curl-code.ts";
import { pythonCode } from "../../code/python-code.ts";
import { typescriptCode } from "../../code/typescript-code.ts";
import { type Child, element, replace } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import type { Page, ShowCode, View } from "../../frame/page.ts";
import { copyButton } from "../../parts/copy-button.ts";
import { FailureNotice } from "../../parts/failure-notice.ts";
import { TimingLine } from "../../parts/timing-line.ts";
import { readMetrics, type Sample, totalOf } from "./read-metrics.ts";

/** Milliseconds between two looks, while the view is. */
const lookAgainMs = 5000;

const mebibyte = 2 ** 20;

export function statisticsView(page: Page, showCode: ShowCode): View {
  const request = new LiveRequest();
  const notice = new FailureNotice(page);
  const timing = new TimingLine();
  const memory = element("section", { class: "card", "aria-label": "Memory" });
  const requests = element("section", { class: "card", "aria-label": "Requests" });
  const models = element("section", { class: "card wide", "aria-label": "Models" });
  const refresh = element(
    "button",
    { type: "button", class: "quiet", onclick: () => request.now(run) },
    icon("refresh"),
    "Look again",
  );
  let timer: ReturnType<typeof setInterval> | undefined;

  async function run(signal: AbortSignal): Promise<void> {
    showCode(statisticsCode(page.codeTarget()));
    try {
      const [health, list, metrics] = await Promise.all([
        page.api.json<Health>({ path: "/health" }, signal),
        page.api.json<ModelList>({ path: "/v1/models" }, signal),
        page.api.fetch({ path: "/metrics" }, signal).then((answer) => answer.text()),
      ]);
      notice.clear();
      showMemory(health.body);
      showRequests(readMetrics(metrics));
      showModels(health.body, list.body);
      timing.show(health.timing);
      for (const card of [memory, requests, models]) card.hidden = false;
    } catch (error) {
      signal.throwIfAborted();
      for (const card of [memory, requests, models]) card.hidden = true;
      timing.clear();
      notice.show(error);
    }
  }

  function showMemory({ memory: { used_bytes: used, budget_bytes: budget }, models }: Health): void {
    replace(
      memory,
      element("h2", {}, "Memory of this isolate"),
      element("p", { class: "figure" }, mebibytes(used), element("small", {}, ` of ${mebibytes(budget)}`)),
      element("meter", {
        min: 0,
        max: budget,
        value: used,
        high: budget * 0.9,
        "aria-label": "Memory used",
      }),
      element(
        "p",
        { class: "soft" },
        `Models in memory: ${models.length}. What was used least recently goes first when room is needed.`,
      ),
    );
  }

  function showRequests(samples: readonly Sample[]): void {
    const count = totalOf(samples, "te_request_count");
    const seconds = totalOf(samples, "te_request_duration_sum");
    const failures = samples.filter(({ name }) => name === "te_request_failure");
    const facts: readonly (readonly [string, string])[] = [
      ["texts", totalOf(samples, "te_embed_success").toLocaleString("en")],
      ["tokens", totalOf(samples, "nearvec_tokens").toLocaleString("en")],
      ["milliseconds each", count === 0 ? "—" : ((1000 * seconds) / count).toFixed(2)],
      ["failed", totalOf(samples, "te_request_failure").toLocaleString("en")],
    ];
    replace(
      requests,
      element("h2", {}, "Requests it has answered"),
      element("p", { class: "figure" }, count.toLocaleString("en")),
      element("dl", { class: "counts" }, ...facts.map(fact)),
      failures.length > 0 &&
        element(
          "ul",
          { class: "soft" },
          ...failures.map(({ labels, value }) => element("li", {}, `${value} × ${labels.err}`)),
        ),
    );
  }

  function showModels(health: Health, list: ModelList): void {
    const residents = new Map(health.models.map((model) => [model.id, model]));
    replace(
      models,
      element("h2", {}, "Models"),
      element(
        "div",
        { class: "scroll", tabindex: 0, role: "region", "aria-label": "Table of models" },
        element(
          "table",
          { class: "data" },
          element(
            "thead",
            {},
            element(
              "tr",
              {},
              ...["Name", "From", "Dimensions", "Memory", "SHA-256"].map((name) =>
                element(
                  "th",
                  { scope: "col", class: name === "Dimensions" || name === "Memory" ? "number" : null },
                  name,
                ),
              ),
            ),
          ),
          element(
            "tbody",
            {},
            ...list.data.map(({ id, bundled }) => {
              const resident = residents.get(id);
              return element(
                "tr",
                {},
                element(
                  "th",
                  { scope: "row" },
                  element("strong", {}, id),
                  id === health.default_model && element("span", { class: "tag" }, "default"),
                ),
                element("td", {}, bundled ? "the bundle" : "R2"),
                ...(resident === undefined
                  ? [element("td", { colspan: 3, class: "soft" }, "not in memory")]
                  : [
                      element("td", { class: "number" }, resident.dimensions),
                      element("td", { class: "number" }, mebibytes(resident.resident_bytes)),
                      element("td", {}, digest(resident.sha256)),
                    ]),
              );
            }),
          ),
        ),
      ),
    );
  }

  return {
    element: element(
      "div",
      { class: "statistics" },
      element("div", { class: "row wide" }, refresh, timing.element),
      notice.element,
      memory,
      requests,
      models,
    ),
    open() {
      request.now(run);
      clearInterval(timer);
      timer = setInterval(() => {
        if (document.visibilityState === "visible") request.now(run);
      }, lookAgainMs);
    },
    close() {
      clearInterval(timer);
      request.cancel();
    },
    focus: () => refresh.focus(),
  };
}

function fact([name, value]: readonly [string, string]): HTMLElement {
  return element("div", {}, element("dt", {}, name), element("dd", {}, value));
}

function digest(sha256: string): Child {
  return element(
    "span",
    { class: "digest" },
    element("code", { title: sha256 }, sha256.slice(0, 12)),
    copyButton("the SHA-256", () => sha256),
  );
}

function mebibytes(bytes: number): string {
  return `${(bytes / mebibyte).toFixed(1)} MiB`;
}

function statisticsCode(target: CodeTarget): CodeSample {
  return {
    curl: ["/health", "/v1/models", "/metrics"].map((path) => curlCode({ path }, target)).join("\n\n"),
    typescript: typescriptCode(
      target,
      `const { memory, models } = await client.health();
console.log(memory);
console.table(models);
console.log((await client.models()).map(({ id }) => id));`,
    ),
    python: pythonCode(
      { path: "/health" },
      target,
      `print(answer["memory"])
for model in answer["models"]:
    print(model["id"], model["dimensions"], model["sha256"])`,
    ),
  };
}
