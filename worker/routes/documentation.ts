/** `GET /openapi.json` and `GET /docs`: all that the routes say of themselves. */
import { documentationPage, documentationPolicy } from "../api-description/documentation-page.ts";
import { type OpenApiDocument, openApiDocument } from "../api-description/openapi-document.ts";
import { describedRoutes } from "../api-description/operations.ts";
import type { App, AppContext } from "../environment.ts";
import { route } from "../route.ts";

export function registerDocumentation(app: App): void {
  // Made when asked for: describing schemas takes milliseconds that no cold start should wait for.
  const describe = (c: AppContext, path: string): OpenApiDocument => {
    const url = new URL(c.req.url);
    // Whatever stands in front of the path is where the app was mounted.
    const base = url.pathname.slice(0, url.pathname.length - path.length);
    return openApiDocument(describedRoutes(app), url.origin + base);
  };
  route(app, "/openapi.json", { GET: (c) => c.json(describe(c, "/openapi.json")) });
  route(app, "/docs", {
    GET: (c) => {
      c.header("content-security-policy", documentationPolicy);
      return c.html(documentationPage(describe(c, "/docs")));
    },
  });
}
