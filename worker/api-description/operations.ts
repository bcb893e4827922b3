/** What is said of each route, kept beside the app that has it. */
import type { z } from "zod";
import type { ErrorCode } from "../../shared/errors.ts";
import type { App } from "../environment.ts";
import type { Dialect } from "../error-dialects.ts";

/** A body that is not one JSON value. */
export interface OtherBody {
  readonly type: `${string}/${string}`;
  /** What one line is, where it is JSON in lines. */
  readonly lines?: z.ZodType;
}

/** One method of one path, in the words of OpenAPI. */
export interface Operation {
  /** One line: what it is for. */
  readonly summary: string;
  /** The heading it stands under. */
  readonly tag: string;
  /** More, where one line will not do: what differs from the original. */
  readonly description?: string;
  /** The body that it takes: JSON of a schema, or another. */
  readonly request?: z.ZodType | OtherBody;
  /** What the names in its path may be; any text if not given. */
  readonly names?: Readonly<Record<string, z.ZodType>>;
  /** What a caller may put in the query. */
  readonly query?: Readonly<Record<string, z.ZodType>>;
  /** The status that it answers with when all is well; 200 if not given. */
  readonly status?: 200 | 201;
  /** The body that it answers with: JSON of a schema, or another. */
  readonly response: z.ZodType | OtherBody;
  /** Errors of its own, beside those that any route with a body or a model has. */
  readonly errors?: readonly ErrorCode[];
  /** A body to try it with: JSON, or a text where the body is another. */
  readonly example?: unknown;
  /** Names to put into its path to try it. */
  readonly exampleNames?: Readonly<Record<string, string>>;
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
