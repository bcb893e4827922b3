/** `GET /`: the playground for a browser, for everyone else a sign of life, as Ollama's and others' clients expect. */
import { etag } from "hono/etag";
import { NearvecError } from "../../shared/errors.ts";
import { AnswerKind } from "../answer-kind.ts";
import { behind } from "../answer-request.ts";
import type { App, AppContext } from "../environment.ts";
import { answerPlaygroundFile, answerPlaygroundPage } from "../playground/playground-answers.ts";
import { route } from "../route.ts";

const greeting = new AnswerKind({ "content-type": "text/plain; charset=UTF-8", vary: "accept" });

/** @param pages Whether there is a playground to look at. */
export function registerRoot(app: App, pages: boolean): void {
  // Answers 304 where the browser has the page already; a sign of life is not worth a digest.
  const page = behind(etag(), answerPlaygroundPage);
  route(app, "/", {
    GET: (c) => {
      if (pages && wantsPage(c)) return page(c);
      return greeting.answer(c, "nearvec is running");
    },
  });
  if (pages) registerPlaygroundFiles(app);
}

function registerPlaygroundFiles(app: App): void {
  route(app, "/playground/:file", {
    GET: (c) => {
      const name = c.req.param("file") ?? "";
      const answer = answerPlaygroundFile(c, name);
      if (answer === undefined) {
        throw new NearvecError(
          "not_found",
          `Expected a file of the playground, got ${name}. A new version may have been deployed: load the page again.`,
        );
      }
      return answer;
    },
  });
}

function wantsPage(c: AppContext): boolean {
  return c.req.header("accept")?.includes("text/html") ?? false;
}
