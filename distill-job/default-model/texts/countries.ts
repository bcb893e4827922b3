/** What the World Factbook calls countries, who governs them, and what parties they have. */
import { type Profile, plainText } from "./factbook.ts";

export interface Country {
  readonly name: string;
  /** Empty where there is none. */
  readonly capital: string;
  /** As in "Syrian"; empty where there is none. */
  readonly adjective: string;
  /** With their titles: "President Bashar Al-Asad". */
  readonly leaders: readonly string[];
  /** Parties and other organizations. */
  readonly parties: readonly string[];
}

/** The countries of the profiles; what is no country, such as an ocean, is left out. */
export function countriesOf(profiles: readonly Profile[]): Country[] {
  return profiles.map(countryOf).filter(({ name }) => name !== "" && name !== "none" && name.length < 40);
}

function countryOf(profile: Profile): Country {
  const government = ["Government", "Country name"];
  const branch = ["Government", "Executive branch"];
  const name =
    textAt(profile, ...government, "conventional short form") ||
    textAt(profile, ...government, "conventional long form");
  const offices = ["chief of state", "head of government"].map((office) =>
    textAt(profile, ...branch, office),
  );
  return {
    name: beforeAny(name, "(;"),
    capital: beforeAny(textAt(profile, "Government", "Capital", "name"), "(;"),
    adjective: beforeAny(
      textAt(profile, "People and Society", "Nationality", "adjective").replace(/ or .*/, ""),
      "(,;",
    ),
    leaders: [
      ...new Set(
        offices
          .flatMap((office) => office.split(";"))
          .map((person) => beforeAny(person, "(,"))
          .filter(isLeader)
          .map(inTitleCase),
      ),
    ],
    parties: ["Political parties and leaders", "Political pressure groups and leaders"]
      .flatMap((field) => textsAt(profile, "Government", field))
      .flatMap((text) => text.split("++"))
      .map((party) => beforeAny(party.replace(/ or [A-Z].*/, ""), "[("))
      .filter((party) => /^[A-Z]/.test(party) && hasWords(party, 2, 5)),
  };
}

/** Family names stand in capitals. */
function isLeader(text: string): boolean {
  return /^[A-Z]/.test(text) && /[A-Z]{3}/.test(text) && hasWords(text, 2, 6);
}

function hasWords(text: string, least: number, most: number): boolean {
  const words = text.split(" ").length;
  return words >= least && words <= most;
}

function inTitleCase(text: string): string {
  return text.replace(/\b([A-Z])([A-Z'-]+)\b/g, (_, first, rest) => first + rest.toLowerCase());
}

/** The text before the first of these characters. */
function beforeAny(text: string, characters: string): string {
  const end = Array.from(text).findIndex((character) => characters.includes(character));
  return plainText(end < 0 ? text : Array.from(text).slice(0, end).join(""));
}

function textAt(profile: Profile, ...path: readonly string[]): string {
  return textsAt(profile, ...path)[0] ?? "";
}

/** The texts at a place: its own, or those right below. */
function textsAt(profile: Profile, ...path: readonly string[]): string[] {
  let place: unknown = profile;
  for (const key of path) place = (place as Record<string, unknown> | undefined)?.[key];
  if (typeof place !== "object" || place === null) return [];
  return Object.values(place)
    .map((value) => (typeof value === "string" ? value : (value as { text?: unknown } | null)?.text))
    .filter((value) => typeof value === "string");
}
