/** Routes of one API: its errors, its heading in the documentation. */
import { NearvecError } from "../../shared/errors.ts";
import type { AnswerRequest } from "../answer-request.ts";
import type { Operation } from "../api-description/operations.ts";
import type { App } from "../environment.ts";
import type { Dialect } from "../error-dialects.ts";
import type { Method } from "../method.ts";
import { route } from "../route.ts";

interface DialectRoute extends Omit<Operation, "tag"> {
  readonly handler: AnswerRequest;
}

export type RegisterDialectRoute = (
  app: App,
  method: "GET" | "POST",
  path: string,
  described: DialectRoute,
) => void;

/** @param tag The API's name as its users know it. */
export function dialectRoute(dialect: Dialect, tag: string): RegisterDialectRoute {
  return (app, method, path, { handler, ...operation }) => {
    const operations = { [method]: { tag, ...operation } };
    route(app, path, { [method]: handler }, { dialect, operations });
  };
}

/**
 * Answers what an API has and a static model cannot do with 400 and the reason, whatever is sent.
 *
 * @param reasons By path.
 */
export function refuseRoutes(
  app: App,
  dialect: Dialect,
  reasons: Readonly<Record<string, string>>,
  method: Method = "POST",
): void {
  for (const [path, reason] of Object.entries(reasons)) {
    const refuse = () => {
      throw new NearvecError("not_supported", `Expected a path other than ${path}: ${reason}`);
    };
    route(app, path, { [method]: refuse }, { dialect });
  }
}
