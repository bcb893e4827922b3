/**
 * Takes the usual bodies as their schema would, several times faster: zod compiles a schema where it may, and in a
 * Worker it may not.
 *
 * Nothing is described twice: what to look at is read out of the schema once, and the schema's own checks are called.
 * Of whatever is unusual, a mistake above all, nothing is said here, and zod is asked.
 */
import type { z } from "zod";

type Accepts = (value: unknown) => boolean;
type AnySchema = z.core.$ZodTypes;

/** The fields of an object, and what each of them takes. */
type Fields = readonly (readonly [name: string, accepts: Accepts])[];

/** What schemas accept that have said so themselves. */
const told = new WeakMap<object, Accepts>();

/**
 * Says what a schema accepts, where that is known without the detour over its mistakes.
 *
 * @param accepts Must be true for nothing but what the schema takes as it is.
 * @returns The schema. Methods of zod make another of it, of which nothing has been said: call this last.
 */
export function acceptedIf<Schema extends z.ZodType>(schema: Schema, accepts: Accepts): Schema {
  told.set(schema, accepts);
  return schema;
}

/** By schema; null for those that only zod can read. */
const known = new WeakMap<z.ZodType, Fields | null>();

/**
 * What `schema.parse(body)` gives, or undefined, which says nothing of the body.
 *
 * @example
 * ```ts
 * acceptQuickly(embeddingsRequestSchema, { input: "hello", user: "me" }); // { input: "hello" }
 * acceptQuickly(embeddingsRequestSchema, { input: 1 }); // undefined
 * ```
 */
export function acceptQuickly<Schema extends z.ZodType>(
  schema: Schema,
  body: object,
): z.infer<Schema> | undefined {
  let fields = known.get(schema);
  if (fields === undefined) {
    fields = fieldsOf(schema as unknown as AnySchema);
    known.set(schema, fields);
  }
  if (fields === null) return undefined;
  const taken: Record<string, unknown> = {};
  for (const [name, accepts] of fields) {
    const value = (body as Record<string, unknown>)[name];
    if (!accepts(value)) return undefined;
    if (value !== undefined) taken[name] = value;
  }
  return taken as z.infer<Schema>;
}

function fieldsOf({ _zod: { def } }: AnySchema): Fields | null {
  if (def.type !== "object" || def.catchall !== undefined || def.checks !== undefined) return null;
  const fields: [string, Accepts][] = [];
  for (const [name, field] of Object.entries(def.shape)) {
    const accepts = acceptsOf(field as AnySchema);
    if (accepts === undefined) return null;
    fields.push([name, accepts]);
  }
  return fields;
}

/** Undefined for what may change its value, and for all kinds that are not the usual ones. */
function acceptsOf(schema: AnySchema): Accepts | undefined {
  const itself = told.get(schema);
  if (itself !== undefined) return itself;
  const { def } = schema._zod;
  if ("coerce" in def && def.coerce === true) return undefined;
  switch (def.type) {
    case "optional": {
      const inner = def.innerType as AnySchema;
      // It has something to say of absence itself, a value to put there perhaps.
      if (inner._zod.optin !== undefined) return undefined;
      const accepts = acceptsOf(inner);
      return (value) => value === undefined || accepts?.(value) === true;
    }
    case "nullable": {
      const accepts = acceptsOf(def.innerType as AnySchema);
      return accepts && ((value) => value === null || accepts(value));
    }
    case "string":
    case "boolean":
      return checked(schema, (value) => typeof value === def.type);
    case "number":
      return checked(schema, Number.isFinite);
    case "enum": {
      const words = new Set<unknown>(Object.values(def.entries));
      return checked(schema, (value) => words.has(value));
    }
    case "custom":
    case "unknown":
      return checked(schema, (value) => value !== undefined);
    default:
      return undefined;
  }
}

/** Of the type, and none of the schema's own checks finds fault with it. */
function checked(schema: AnySchema, ofType: Accepts): Accepts | undefined {
  const { def, traits } = schema._zod;
  const checks = [
    // As with integers, the schema can be a check itself.
    ...(traits.has("$ZodCheck") ? [schema as unknown as z.core.$ZodCheck<unknown>] : []),
    ...((def.checks ?? []) as unknown as readonly z.core.$ZodCheck<unknown>[]),
  ];
  if (checks.length === 0) return ofType;
  if (checks.some(({ _zod }) => _zod.def.when !== undefined)) return undefined;
  return (value) => {
    if (!ofType(value)) return false;
    const payload: z.core.ParsePayload = { value, issues: [] };
    for (const { _zod } of checks) {
      const waiting = _zod.check(payload);
      if (waiting !== undefined || payload.issues.length > 0) return false;
    }
    return payload.value === value;
  };
}
