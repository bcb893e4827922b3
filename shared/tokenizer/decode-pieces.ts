/** Tokens back to text, as the decoders of Hugging Face's tokenizers do it (`decoders/wordpiece.rs`, `metaspace.rs`). */
import type { ModelMetadata } from "../artifact/model-metadata.ts";
import { metaspaceOf } from "./metaspace.ts";
import type { TokenPiece } from "./token-pieces.ts";
import type { PartJson } from "./tokenizer-json.ts";
import { metaByte } from "./unigram-layout.ts";

const decoder = new TextDecoder("utf-8", { fatal: false, ignoreBOM: true });

/** Puts the pieces of one text together. Text that no token stood for, and case and accents removed, stay lost. */
export function decodePieces(
  pieces: readonly TokenPiece[],
  { tokenizer }: Pick<ModelMetadata, "tokenizer">,
): string {
  return tokenizer.kind === "wordpiece"
    ? decodeWordPieces(pieces, tokenizer.continuingSubwordPrefix)
    : decodeUnigram(pieces, tokenizer.prependScheme !== "never");
}

/** One token as its tokenizer.json has it. */
export function pieceText(piece: TokenPiece, { tokenizer }: Pick<ModelMetadata, "tokenizer">): string {
  const text = decoder.decode(piece.bytes);
  if (piece.added) return text;
  if (piece.byte) return `<0x${piece.bytes[0]!.toString(16).toUpperCase().padStart(2, "0")}>`;
  if (tokenizer.kind === "wordpiece")
    return piece.continues ? tokenizer.continuingSubwordPrefix + text : text;
  return text.replaceAll(" ", metaspaceOf(tokenizer.preTokenizer as PartJson).replacement);
}

function decodeWordPieces(pieces: readonly TokenPiece[], prefix: string): string {
  return pieces
    .map(({ bytes, continues }, i) => {
      const text = decoder.decode(bytes);
      if (i === 0) return tidy(continues ? prefix + text : text);
      return tidy(continues ? text : ` ${text}`);
    })
    .join("");
}

/** Takes back the spaces that a tokenizer puts around punctuation (`decoders/wordpiece.rs`, `cleanup`). */
function tidy(text: string): string {
  return text
    .replaceAll(" .", ".")
    .replaceAll(" ?", "?")
    .replaceAll(" !", "!")
    .replaceAll(" ,", ",")
    .replaceAll(" ' ", "'")
    .replaceAll(" n't", "n't")
    .replaceAll(" 'm", "'m")
    .replaceAll(" do not", " don't")
    .replaceAll(" 's", "'s")
    .replaceAll(" 've", "'ve")
    .replaceAll(" 're", "'re");
}

/** All bytes are decoded at once, so that the bytes of one character find each other. */
function decodeUnigram(pieces: readonly TokenPiece[], prepends: boolean): string {
  const bytes = pieces.flatMap((piece, i) => {
    const all = [...piece.bytes];
    // The spaces of the first token are those that the tokenizer put there.
    return i === 0 && prepends && !piece.byte && !piece.added ? all.filter((byte) => byte !== metaByte) : all;
  });
  return decoder.decode(Uint8Array.from(bytes));
}
