/** Zod schemas as the JSON Schema that OpenAPI 3.1 is made of. */
import { z } from "zod";

/** As much of JSON Schema as schemas here come to. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly items?: JsonSchema | false;
  readonly prefixItems?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly required?: readonly string[];
  readonly [keyword: string]: unknown;
}

const referencePrefix = "#/components/schemas/";

/** The schemas of one document: those that have a name (`.meta({ id })`) are kept once, under it. */
export class SchemaComponents {
  readonly schemas: Record<string, JsonSchema> = {};

  /** @param io Whether the schema is of what is sent, defaults still missing, or of what comes back. */
  add(schema: z.ZodType, io: "input" | "output"): JsonSchema {
    const { $schema, $defs, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
    for (const [name, named] of Object.entries($defs ?? {})) this.schemas[name] = relocated(named);
    return relocated(rest);
  }
}

/** References into a schema's own definitions as references into the document. */
function relocated(schema: unknown): JsonSchema {
  return JSON.parse(JSON.stringify(schema), (key, value) =>
    key === "$ref" && typeof value === "string" ? value.replace(/^#\/\$defs\//, referencePrefix) : value,
  );
}

/** The name that a reference names; undefined if the schema is none. */
export function referencedName({ $ref }: JsonSchema): string | undefined {
  return $ref?.startsWith(referencePrefix) ? $ref.slice(referencePrefix.length) : undefined;
}
