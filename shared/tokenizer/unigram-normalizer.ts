/** What the normalizer of a Unigram tokenizer comes to, whatever the steps that its tokenizer.json takes. */
import { NearvecError } from "../errors.ts";
import { type NormalizerOptions, normalizeCharacter } from "./character-facts.ts";
import type { BertNormalizerJson, PartJson } from "./tokenizer-json.ts";

/** A character on its way through the steps. */
export interface StepCharacter {
  readonly codePoint: number;
  /** Rank of its canonical combining class, as in `NormalizedCharacter`. */
  readonly order: number;
}

/**
 * A normalizer, taken apart into what a kernel can do in one pass: an optional map over graphemes, then what
 * each character becomes by itself, then what becomes of spaces.
 */
export interface UnigramNormalizer {
  /** The bytes of SentencePiece's map, see `charsmap.ts`. */
  readonly charsmap: Uint8Array | null;
  /** Whether Hangul syllables are decomposed, and marks put into canonical order. */
  readonly stripsAccents: boolean;
  /** Code points that `characters` may change, but for the syllables. */
  readonly replaced: readonly number[];
  /** What a character becomes. */
  readonly characters: (codePoint: number) => readonly StepCharacter[];
  /** Runs of spaces become one. */
  readonly collapseSpaces: boolean;
  /** All white space becomes spaces. */
  readonly unifyWhitespace: boolean;
  readonly stripLeft: boolean;
  readonly stripRight: boolean;
}

/** White space as Rust has it, which is Unicode's. */
export function isWhitespace(codePoint: number): boolean {
  return normalizeCharacter(codePoint, unchanged)[0]!.kind === "space";
}

const unchanged: NormalizerOptions = {
  lowercase: false,
  stripAccents: false,
  cleanText: false,
  handleChineseChars: false,
};

/** The steps come in this order, but that what is done to spaces may be done again later. */
const stages = ["a character map", "characters", "spaces", "no spaces any more"] as const;

/**
 * Takes a normalizer apart.
 *
 * @param replacement the character that stands for a space in tokens
 * @throws NearvecError tokenizer_unsupported, naming the step that is of another kind or in another place
 */
export function unigramNormalizer(normalizer: PartJson | null, replacement: string): UnigramNormalizer {
  const plan = new NormalizerPlan(replacement);
  for (const step of stepsOf(normalizer)) plan.take(step);
  return plan.result();
}

function stepsOf(part: PartJson | null): PartJson[] {
  if (part === null) return [];
  if (part.type !== "Sequence") return [part];
  if (!Array.isArray(part.normalizers)) throw unsupported("normalizers in a Sequence, got none");
  return (part.normalizers as PartJson[]).flatMap(stepsOf);
}

interface CharacterStep {
  /** Whether it has anything to do with a character. */
  readonly concerns: (codePoint: number) => boolean;
  readonly change: (character: StepCharacter) => readonly StepCharacter[];
}

/** A mark that stays one keeps its place among others. */
function lowercase(character: StepCharacter): readonly StepCharacter[] {
  const becomes = normalizeCharacter(character.codePoint, { ...unchanged, lowercase: true });
  return becomes.length === 1 && becomes[0]!.codePoint === character.codePoint ? [character] : becomes;
}

class NormalizerPlan {
  readonly #replacement: string;
  readonly #steps: CharacterStep[] = [];
  readonly #replaced: number[] = [];
  #stage = 0;
  #bert: NormalizerOptions | undefined;
  #charsmap: Uint8Array | null = null;
  #collapseSpaces = false;
  #unifyWhitespace = false;
  #stripLeft = false;
  #stripRight = false;
  /** What was done to spaces before characters changed, and has to be done to all white space after that. */
  #toDoAgain = { collapse: false, stripLeft: false, stripRight: false };

  constructor(replacement: string) {
    this.#replacement = replacement;
  }

  take(step: PartJson): void {
    switch (step.type) {
      case "Precompiled":
        this.#enter(0, step.type);
        this.#stage = 1;
        this.#charsmap = bytesOfBase64(String(step.precompiled_charsmap));
        break;
      case "BertNormalizer":
        this.#enter(1, step.type);
        this.#takeBert(step as unknown as BertNormalizerJson);
        break;
      case "Lowercase":
        this.#enter(1, step.type);
        this.#steps.push({ concerns: () => true, change: lowercase });
        break;
      case "Replace":
        this.#takeReplace(step);
        break;
      case "Strip":
        this.#enter(2, step.type);
        this.#stripLeft ||= step.strip_left === true;
        this.#stripRight ||= step.strip_right === true;
        break;
      default:
        throw unsupported(`a normalizer of known steps, got ${step.type}`);
    }
  }

  result(): UnigramNormalizer {
    const steps = this.#steps;
    const { collapse, stripLeft, stripRight } = this.#toDoAgain;
    const isDone =
      (!collapse || this.#unifyWhitespace) &&
      (!stripLeft || this.#stripLeft) &&
      (!stripRight || this.#stripRight);
    if (!isDone) throw unsupported("steps that change spaces after those that change characters");
    return {
      charsmap: this.#charsmap,
      stripsAccents: this.#bert?.stripAccents ?? false,
      replaced: this.#replaced,
      characters: (codePoint) =>
        steps.reduce<readonly StepCharacter[]>(
          // Most of dozens of steps have nothing to do with most of 25,000 characters.
          (characters, { concerns, change }) =>
            characters.some((each) => concerns(each.codePoint)) ? characters.flatMap(change) : characters,
          [{ codePoint, order: 0 }],
        ),
      collapseSpaces: this.#collapseSpaces,
      unifyWhitespace: this.#unifyWhitespace,
      stripLeft: this.#stripLeft,
      stripRight: this.#stripRight,
    };
  }

  #enter(stage: number, step: string): void {
    if (stage === 1 && this.#stage === 2) this.#doAgain();
    else if (stage < this.#stage) {
      throw unsupported(`${step} before steps that change ${stages[this.#stage]}, got it after one`);
    }
    this.#stage = stage;
  }

  /** Model2Vec puts its steps behind a teacher's, which may have collapsed and stripped already. */
  #doAgain(): void {
    this.#toDoAgain.collapse ||= this.#collapseSpaces;
    this.#toDoAgain.stripLeft ||= this.#stripLeft;
    this.#toDoAgain.stripRight ||= this.#stripRight;
    this.#collapseSpaces = false;
    this.#unifyWhitespace = false;
    this.#stripLeft = false;
    this.#stripRight = false;
  }

  #takeBert(json: BertNormalizerJson): void {
    if (this.#steps.length > 0) throw unsupported("BertNormalizer before other steps that change characters");
    const lowercase = json.lowercase ?? true;
    const options: NormalizerOptions = {
      lowercase,
      stripAccents: json.strip_accents ?? lowercase,
      cleanText: json.clean_text ?? true,
      handleChineseChars: json.handle_chinese_chars ?? true,
    };
    this.#bert = options;
    const change = ({ codePoint }: StepCharacter) => normalizeCharacter(codePoint, options);
    this.#steps.push({ concerns: () => true, change });
  }

  #takeReplace(step: PartJson): void {
    const pattern = (step.pattern ?? {}) as { readonly String?: string; readonly Regex?: string };
    const content = String(step.content);
    if (pattern.Regex === "\\s+" && content === " ") {
      this.#enter(2, "Replace");
      this.#collapseSpaces = true;
      this.#unifyWhitespace = true;
      return;
    }
    if (pattern.Regex === " {2,}" && (content === " " || content === this.#replacement)) {
      this.#enter(2, "Replace");
      this.#collapseSpaces = true;
      // What has become the other character is no space to the steps behind.
      if (content !== " ") this.#stage = 3;
      return;
    }
    const [character, ...more] = pattern.String ?? "";
    if (character === undefined || more.length > 0) {
      throw unsupported(`Replace of one character, or of runs of spaces, got ${JSON.stringify(pattern)}`);
    }
    this.#enter(1, "Replace");
    const from = character.codePointAt(0)!;
    const wasChanged = Object.values(this.#toDoAgain).some(Boolean);
    if (wasChanged && isWhitespace(from)) {
      throw unsupported(`Replace of white space before it is stripped or collapsed, got it after that`);
    }
    const to = [...content].map((each) => each.codePointAt(0)!);
    const ordered = [from, ...to].some((each) => this.#orderOf(each) > 0);
    if (ordered) throw unsupported(`Replace of no combining marks, got ${JSON.stringify(pattern)}`);
    this.#replaced.push(from);
    const becomes = to.map((codePoint) => ({ codePoint, order: 0 }));
    this.#steps.push({
      concerns: (codePoint) => codePoint === from,
      change: (each) => (each.codePoint === from ? becomes : [each]),
    });
  }

  #orderOf(codePoint: number): number {
    return this.#bert === undefined ? 0 : (normalizeCharacter(codePoint, this.#bert)[0]?.order ?? 0);
  }
}

function bytesOfBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch (cause) {
    throw unsupported("base64 as precompiled_charsmap", cause);
  }
}

function unsupported(expected: string, cause?: unknown): NearvecError {
  return new NearvecError(
    "tokenizer_unsupported",
    `Expected ${expected}. Of Unigram tokenizers, those with SentencePiece's or BERT's normalizer are supported.`,
    { param: "tokenizer.json", cause },
  );
}
