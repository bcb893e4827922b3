/** What went wrong, where it went wrong: the worker's own words, the request's id, and a way on. */
import { ApiFailure } from "../api/api-failure.ts";
import { element, replace } from "../dom/element.ts";
import type { Page } from "../frame/page.ts";
import { copyButton } from "./copy-button.ts";

export interface WayOn {
  readonly label: string;
  run(): void;
}

export class FailureNotice {
  readonly element = element("div", { class: "notice", role: "alert", hidden: true });
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  clear(): void {
    this.element.hidden = true;
    replace(this.element);
  }

  show(thrown: unknown, ...ways: readonly WayOn[]): void {
    const { message } = thrown as Error;
    const failure = thrown instanceof ApiFailure ? thrown : null;
    const allWays = [...ways];
    if (failure?.status === 401 || failure?.status === 403) {
      const label = this.#page.api.keys.key === "" ? "Enter a key" : "Change the key";
      allWays.unshift({ label, run: () => this.#page.askForKey() });
    }
    replace(
      this.element,
      element("strong", {}, headline(failure)),
      element("p", {}, message),
      failure?.requestId != null &&
        element(
          "p",
          { class: "soft facts" },
          element("span", {}, `${failure.status} ${failure.code}`.trimEnd()),
          element("span", {}, "request ", element("code", {}, failure.requestId)),
          copyButton("id of the request", () => failure.requestId ?? "", "Copy id"),
        ),
      allWays.length > 0 &&
        element(
          "div",
          { class: "row" },
          ...allWays.map(({ label, run }) => element("button", { type: "button", onclick: run }, label)),
        ),
    );
    this.element.hidden = false;
  }
}

function headline(failure: ApiFailure | null): string {
  if (failure === null) return "Something in this page went wrong";
  const { status, code } = failure;
  if (status === 0) return "The worker does not answer";
  if (status === 401) return "This worker asks for a key";
  if (status === 403) return "This key does not open that";
  if (status === 429) return "Too many requests for now";
  if (code === "collections_unavailable") return "This worker has no place for collections";
  if (status >= 500) return "The worker could not do that";
  return "The worker does not take that";
}
