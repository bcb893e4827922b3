/**
 * How a key is written: `nv_<id>_<secret><checksum>`.
 *
 * 8 characters of id, which lists and logs show; 43 of secret, 256 random bits; 6 of CRC-32, so that a key that was
 * cut or mistyped is recognized as such, and so that secret scanners find keys and nothing else. All of it is letters
 * and digits, so that a double click takes the whole.
 */
import { crc32 } from "./crc-32.ts";

/** A key as its parts. */
export interface ApiKeyParts {
  readonly id: string;
}

/** What is wrong with a text that is no key. */
export type ApiKeyMistake = "form" | "checksum";

/** UTF-16 units of a key; all of them are ASCII. */
export const apiKeyLength = 61;

/** For secret scanners. */
export const apiKeyPattern = /\bnv_[0-9a-z]{8}_[0-9A-Za-z]{49}\b/;

const idPattern = /^[0-9a-z]{8}$/;
const wholePattern = /^nv_([0-9a-z]{8})_[0-9A-Za-z]{49}$/;
const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const secretCharacters = 43;
const checksumCharacters = 6;

/** Whether a key can have this id. */
export function isKeyId(text: string): boolean {
  return idPattern.test(text);
}

/** A random id: one of 36^8. */
export function randomKeyId(): string {
  return printBase62(randomInteger(8), 11).toLowerCase().slice(-8);
}

/** A new key of this id, with 256 bits from the platform's generator. */
export function randomApiKey(id: string): string {
  const body = `nv_${id}_${printBase62(randomInteger(32), secretCharacters)}`;
  return body + checksumOf(body);
}

/**
 * Takes a key apart.
 *
 * @example
 * ```ts
 * readApiKey("nv_k3x9q2ab_…"); // { id: "k3x9q2ab" }
 * readApiKey("sk-1234"); // "form"
 * ```
 */
export function readApiKey(text: string): ApiKeyParts | ApiKeyMistake {
  const id = wholePattern.exec(text)?.[1];
  if (id === undefined) return "form";
  const body = text.slice(0, -checksumCharacters);
  return checksumOf(body) === text.slice(-checksumCharacters) ? { id } : "checksum";
}

/** The SHA-256 of a key, as lower-case hexadecimal: all that is stored of it. */
export async function apiKeySha256(key: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key)));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function checksumOf(body: string): string {
  return printBase62(BigInt(crc32(body)), checksumCharacters);
}

function randomInteger(bytes: number): bigint {
  return crypto
    .getRandomValues(new Uint8Array(bytes))
    .reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function printBase62(value: bigint, characters: number): string {
  let text = "";
  let rest = value;
  for (let i = 0; i < characters; i++) {
    text = base62[Number(rest % 62n)] + text;
    rest /= 62n;
  }
  return text;
}
