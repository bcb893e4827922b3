/** What a document may be called. */
import { NearvecError } from "../../errors.ts";
import { maxDocumentIdBytes } from "../../limits.ts";
import { describeValue } from "../describe-value.ts";

const encoder = new TextEncoder();

/**
 * Checks an id: 1 to 512 bytes of UTF-8, no lone surrogates, no control characters, neither `.` nor `..`, which
 * no URL can end in.
 *
 * @param param The field's name in messages.
 * @throws NearvecError `invalid_request`
 */
export function checkDocumentId(id: unknown, param: string): string {
  if (typeof id !== "string" || id.length === 0) {
    throw invalid(
      `Expected ${param} to be a string of at least one character, got ${describeValue(id)}.`,
      param,
    );
  }
  // A UTF-16 unit is at least one byte, so that what is far too long is not encoded only to be measured.
  const bytes = id.length > maxDocumentIdBytes ? id.length : encoder.encode(id).length;
  if (bytes > maxDocumentIdBytes) {
    throw invalid(
      `Expected ${param} to have at most ${maxDocumentIdBytes} bytes in UTF-8, got ${bytes}.`,
      param,
    );
  }
  if (!id.isWellFormed()) {
    throw invalid(`Expected ${param} to be well-formed Unicode, got half of a surrogate pair in it.`, param);
  }
  if (id === "." || id === ".." || /\p{Cc}/u.test(id)) {
    throw invalid(
      `Expected ${param} to have no control characters and not to be "." or "..", got ${describeValue(id)}.`,
      param,
    );
  }
  return id;
}

/** The error for an id that no document has. */
export function documentNotFound(id: string): NearvecError {
  return new NearvecError(
    "document_not_found",
    `Expected the id of a document of the collection, got ${JSON.stringify(id.slice(0, 64))}.`,
    { param: "id" },
  );
}

function invalid(message: string, param: string): NearvecError {
  return new NearvecError("invalid_request", message, { param });
}
