/** `nearvec keys`: makes, lists, rotates and revokes the keys of a worker, in its KV namespace. */
import { Command, InvalidArgumentError, Option } from "commander";
import { randomKeyId } from "../../shared/access/api-key.ts";
import { isCollectionGrant } from "../../shared/access/key-record.ts";
import { type Scope, scopes } from "../../shared/access/scope.ts";
import { keyUsableSeconds, maxGrantedCollections, maxKeyNameCharacters } from "../../shared/limits.ts";
import { usageMistake } from "../command-line/exit-codes.ts";
import { defaultPort } from "../dev/local-bucket.ts";
import { readWorkerName } from "../dev/wrangler-settings.ts";
import { type NewSecret, newKey, rotated } from "../keys/key-changes.ts";
import { deployedKeys, localKeys } from "../keys/key-namespace.ts";
import { KeyRecords, keyIdOf } from "../keys/key-records.ts";
import { describeKey, keyTable, minuteOf } from "../keys/key-table.ts";
import { parseEnd, parseTimeSpan } from "../keys/time-span.ts";

interface PlaceOptions {
  /** True without a URL: the worker of `npm start`. */
  readonly local?: true | string;
  readonly worker?: string;
  readonly json?: boolean;
}

interface CreateOptions extends PlaceOptions {
  readonly scopes: readonly Scope[];
  readonly name?: string;
  readonly collection?: readonly string[];
  readonly expires?: string;
}

interface RotateOptions extends PlaceOptions {
  readonly overlap: number;
}

export function keysCommand(): Command {
  return new Command("keys")
    .description("Make, list, rotate and revoke the keys that a worker asks for.")
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(rotateCommand())
    .addCommand(revokeCommand())
    .addHelpText(
      "after",
      `
A deployed worker is closed until it has a key. docs/keys.md says what each scope allows.

Examples:
  nearvec keys create --scopes embed read --name website
  nearvec keys list
  nearvec keys rotate k3x9q2ab --overlap 24h
  nearvec keys revoke k3x9q2ab`,
    );
}

/** Options that say which worker's keys are meant. */
function placed(command: Command): Command {
  return command
    .option(
      "--local [url]",
      `keys of the worker that \`nearvec dev --keys\` runs (default URL: http://127.0.0.1:${defaultPort})`,
    )
    .option("--worker <name>", "the worker on Cloudflare (default: the name in wrangler.toml)")
    .option("--json", "print the result as one line of JSON");
}

const environmentHelp = `
Environment: CLOUDFLARE_API_TOKEN (default: the login of \`npx wrangler login\`), CLOUDFLARE_ACCOUNT_ID
`;

function createCommand(): Command {
  return placed(
    new Command("create").description("Make a key and print it: this once, for only its SHA-256 is kept."),
  )
    .addOption(
      new Option("--scopes <scope...>", "what it is for; admin is all of it")
        .choices(scopes)
        .default(["embed"], "embed"),
    )
    .option("--name <text>", "what to call it in lists", parseName)
    .option(
      "--collection <name...>",
      "only these collections; docs-* is all that begin like this",
      addCollection,
    )
    .option("--expires <when>", "a span such as 90d, or a date such as 2027-01-31 (default: never)", (text) =>
      parseEnd(text),
    )
    .addHelpText(
      "after",
      `${environmentHelp}
Examples:
  nearvec keys create --scopes admin --name mine
  nearvec keys create --scopes read --collection docs --expires 90d --name website
  nearvec keys create --local --json`,
    )
    .action(create);
}

function listCommand(): Command {
  return placed(
    new Command("list").description("List keys by their ids; no secret is shown, for none is kept."),
  )
    .addHelpText(
      "after",
      `${environmentHelp}\nExamples:\n  nearvec keys list\n  nearvec keys list --local --json`,
    )
    .action(list);
}

function rotateCommand(): Command {
  return placed(
    new Command("rotate").description(
      "Give a key a new secret and print it; the old one goes on for a while.",
    ),
  )
    .argument("<id>", "id of the key")
    .addOption(
      new Option("--overlap <span>", "how long the old secret goes on, 0 for not at all")
        .argParser(parseTimeSpan)
        .default(24 * 3_600_000, "24h"),
    )
    .addHelpText(
      "after",
      `${environmentHelp}
Examples:
  nearvec keys rotate k3x9q2ab
  nearvec keys rotate k3x9q2ab --overlap 7d`,
    )
    .action(rotate);
}

function revokeCommand(): Command {
  return placed(
    new Command("revoke").description("Take keys back: within two minutes nobody gets in with them."),
  )
    .argument("<id...>", "ids of keys")
    .addHelpText("after", `${environmentHelp}\nExamples:\n  nearvec keys revoke k3x9q2ab`)
    .action(revoke);
}

async function create(options: CreateOptions): Promise<void> {
  const records = await recordsOf(options);
  let id = randomKeyId();
  while ((await records.find(id)) !== undefined) id = randomKeyId();
  const collections = options.collection ?? null;
  const made = await newKey(
    id,
    {
      name: options.name ?? "",
      scopes: scopes.filter((scope) => options.scopes.includes(scope)),
      collections: collections === null ? null : [...collections],
      expires: options.expires ?? null,
    },
    new Date(),
  );
  await records.put(made.record);
  printSecret(made, options, [
    "This is the only time it is shown. Send it as a header: authorization: Bearer <key>",
  ]);
}

async function rotate(text: string, options: RotateOptions): Promise<void> {
  const id = keyIdOf(text);
  const records = await recordsOf(options);
  const now = new Date();
  const made = await rotated(await records.get(id), options.overlap, now);
  await records.put(made.record);
  const [until] = describeKey(made.record, now.getTime()).former_secrets_until;
  printSecret(made, options, [
    `This is the only time it is shown. Workers that know the key take the new secret within ${keyUsableSeconds * 2} s.`,
    until === undefined ? "The old secret is over." : `The old secret goes on until ${minuteOf(until)}.`,
  ]);
}

async function list(options: PlaceOptions): Promise<void> {
  const records = await (await recordsOf(options)).all();
  const now = Date.now();
  if (options.json) {
    print(JSON.stringify({ keys: records.map((record) => describeKey(record, now)) }));
  } else if (records.length === 0) {
    print("No keys: the worker is closed to everyone. Make one: nearvec keys create --scopes admin");
  } else {
    print(keyTable(records, now));
  }
}

async function revoke(texts: readonly string[], options: PlaceOptions): Promise<void> {
  const ids = texts.map(keyIdOf);
  const records = await recordsOf(options);
  for (const id of ids) {
    await records.remove(id);
    if (!options.json) print(`${id}: revoked. Nobody gets in with it after two minutes at most.`);
  }
  if (options.json) print(JSON.stringify({ revoked: ids }));
}

async function recordsOf({ local, worker }: PlaceOptions): Promise<KeyRecords> {
  if (local === undefined) {
    const name = worker ?? (await readWorkerName());
    return new KeyRecords(await deployedKeys(name, process.env));
  }
  if (worker !== undefined) {
    throw usageMistake(`Expected one of --local and --worker ${worker}, got both. Leave one out.`, "worker");
  }
  return new KeyRecords(await localKeys(local === true ? `http://127.0.0.1:${defaultPort}` : local));
}

/** The key alone goes to standard output, so that it can be piped to where it is kept. */
function printSecret({ key, record }: NewSecret, { json }: PlaceOptions, notes: readonly string[]): void {
  if (json) {
    print(JSON.stringify({ key, ...describeKey(record, Date.now()) }));
    return;
  }
  print(key);
  const { id, name, collections, expires } = record;
  const reach = collections === null ? "" : `, collections ${collections.join(" ")}`;
  const end = expires === null ? "" : `, expires ${minuteOf(expires)}`;
  const what = `${id}${name === "" ? "" : ` (${name})`}: scopes ${record.scopes.join(" ")}${reach}${end}.`;
  process.stderr.write(`${[what, ...notes].join("\n")}\n`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function parseName(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: names are printed in terminals
  if (text.length <= maxKeyNameCharacters && !/[\u0000-\u001f\u007f]/.test(text)) return text;
  throw new InvalidArgumentError(`Expected at most ${maxKeyNameCharacters} characters in one line.`);
}

function addCollection(text: string, before: readonly string[] = []): readonly string[] {
  if (!isCollectionGrant(text)) {
    throw new InvalidArgumentError(
      "Expected the name of a collection, letters, digits, dots, underscores and hyphens; a * at its end for all that begin like this.",
    );
  }
  if (before.length === maxGrantedCollections) {
    throw new InvalidArgumentError(`Expected at most ${maxGrantedCollections} collections.`);
  }
  return [...before, text];
}
