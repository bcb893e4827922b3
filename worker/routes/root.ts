/** `GET /`: the playground for a browser, for everyone else a sign of life, as Ollama's and others' clients expect. */
import { etag } from "hono/etag";
import { NearvecError } from "../../shared/errors.ts";
import type { App } from "../environment.ts";
import { answerPlaygroundFile, answerPlaygroundPage } from "../playground/playground-answers.ts";
import { route } from "../route.ts";

export function registerRoot(app: App): void {
  // Answers 304 where the browser has the page already.
  app.use("/", etag());
  route(app, "/", {
    GET: (c) => {
      if (c.req.header("accept")?.includes("text/html")) return answerPlaygroundPage(c);
      return c.text("nearvec is running", 200, { vary: "accept" });
    },
  });
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
