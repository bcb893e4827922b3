/** What is said of each route, kept beside the app that has it. */
import type { z } from "zod";
import type { App } from "../environment.ts";
import type { Dialect } from "../error-dialects.ts";

/** One method of one path, in the words of OpenAPI. */
export interface Operation {
  /** One line: what it is for. */
  readonly summary: string;
  /** The heading it stands under. */
  readonly tag: string;
  /** More, where one line will not do: what differs from the original. */
  readonly description?: string;
  /** The body that it takes. */
  readonly request?: z.ZodType;
  /** What a caller may put in the query. */
  readonly query?: Readonly<Record<string, string>>;
  /** The body that it answers with: JSON of a schema, or a content type. */
  readonly response: z.ZodType | `${string}/${string}`;
  /** A body to try it with, or for a GET the names to put into its path. */
  readonly example?: unknown;
}

export interface DescribedRoute {
  /** As Hono has it: `/v1/models/:id`. */
  readonly path: string;
  readonly method: string;
  readonly dialect: Dialect;
  readonly operation: Operation;
}

/** By app, so that two apps in one isolate do not describe each other's routes. */
const described = new WeakMap<App, DescribedRoute[]>();

export function describeRoute(app: App, route: DescribedRoute): void {
  const routes = described.get(app);
  if (routes === undefined) described.set(app, [route]);
  else routes.push(route);
}

/** All that has been described, in the order in which it was registered. */
export function describedRoutes(app: App): readonly DescribedRoute[] {
  return described.get(app) ?? [];
}
