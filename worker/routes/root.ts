/** `GET /`: the documentation for a browser, for everyone else a sign of life, as Ollama's and others' clients expect. */
import type { App } from "../environment.ts";
import { route } from "../route.ts";

export function registerRoot(app: App): void {
  route(app, "/", {
    GET: (c) => {
      if (c.req.header("accept")?.includes("text/html")) return c.redirect("docs");
      return c.text("nearvec is running");
    },
  });
}
