/** Names a JSON value in an error message, without repeating a long one. */
export function describeValue(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null || typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object") return "an object";
  return typeof value === "string" && value.length <= 40 ? JSON.stringify(value) : `a ${typeof value}`;
}
