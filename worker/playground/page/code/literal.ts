/** Prints a JSON value as it is written in a language, on one line where it fits. */

export interface Dialect {
  readonly true: string;
  readonly false: string;
  readonly null: string;
  /** Whether names of fields stand in quotes always. */
  readonly quotedNames: boolean;
  /** What one level is indented by. */
  readonly indent: string;
}

export const typescriptDialect: Dialect = {
  true: "true",
  false: "false",
  null: "null",
  quotedNames: false,
  indent: "  ",
};

export const pythonDialect: Dialect = {
  true: "True",
  false: "False",
  null: "None",
  quotedNames: true,
  indent: "    ",
};

/** Characters of a value that stays on one line. */
const lineWidth = 76;

/** @param depth Levels that it is indented by already. */
export function literal(value: unknown, dialect: Dialect, depth = 0): string {
  const inline = inlineLiteral(value, dialect);
  if (
    inline.length + depth * dialect.indent.length <= lineWidth ||
    typeof value !== "object" ||
    value === null
  ) {
    return inline;
  }
  const inner = dialect.indent.repeat(depth + 1);
  const lines = entriesOf(value, dialect).map(
    ([name, item]) => `${inner}${name}${literal(item, dialect, depth + 1)},\n`,
  );
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return `${open}\n${lines.join("")}${dialect.indent.repeat(depth)}${close}`;
}

function inlineLiteral(value: unknown, dialect: Dialect): string {
  if (value === null) return dialect.null;
  if (typeof value === "boolean") return dialect[`${value}`];
  if (typeof value !== "object") return JSON.stringify(value);
  const items = entriesOf(value, dialect).map(([name, item]) => name + inlineLiteral(item, dialect));
  if (Array.isArray(value)) return `[${items.join(", ")}]`;
  if (items.length === 0) return "{}";
  return dialect.quotedNames ? `{${items.join(", ")}}` : `{ ${items.join(", ")} }`;
}

/** What stands before each item, and the item; undefined fields are left out, as in JSON. */
function entriesOf(value: object, { quotedNames }: Dialect): [string, unknown][] {
  if (Array.isArray(value)) return value.map((item) => ["", item]);
  return Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([name, item]) => [
      `${quotedNames || !/^[A-Za-z_$][\w$]*$/.test(name) ? JSON.stringify(name) : name}: `,
      item,
    ]);
}
