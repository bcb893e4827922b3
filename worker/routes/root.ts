/** `GET /`: the documentation for a browser, for everyone else a sign of life, as Ollama's and others' clients expect. */
import type { App } from "../environment.ts";
import { route } from "../route.ts";

/** @param pages Whether there is documentation to go to. */
export function registerRoot(app: App, pages: boolean): void {
  route(app, "/", {
    GET: (c) => {
      if (pages && c.req.header("accept")?.includes("text/html")) {
        // Relative, for proxies that take a prefix away. From `/embed`, where it may be mounted, `docs` would be `/docs`.
        const last = c.req.path.slice(c.req.path.lastIndexOf("/") + 1);
        return c.redirect(last === "" ? "docs" : `${last}/docs`);
      }
      return c.text("nearvec is running");
    },
  });
}
