/** Grapheme clusters, what a reader takes for one character: nothing is ever cut within one. */
import type { TextRange } from "./text-range.ts";

const segmenter = new Intl.Segmenter("und", { granularity: "grapheme" });

/** The grapheme clusters of a text, one after the other. */
export function graphemesOf(text: string): TextRange[] {
  return Array.from(segmenter.segment(text), ({ index, segment }) => ({
    from: index,
    to: index + segment.length,
  }));
}

/** Where one text can be cut. */
export class GraphemeBoundaries {
  readonly #text: string;
  /** Made when first needed, and once: engines copy the text for it. */
  #segments: Intl.Segments | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** Whether the text can be cut before its UTF-16 unit `at`. */
  has(at: number): boolean {
    const text = this.#text;
    if (at <= 0 || at >= text.length) return true;
    // Between two of ASCII only a carriage return holds on to what follows.
    if (text.charCodeAt(at) < 0x80 && text.charCodeAt(at - 1) < 0x80) {
      return !(text[at] === "\n" && text[at - 1] === "\r");
    }
    return this.#clusterAt(at).from === at;
  }

  /** The last place up to `at`. */
  before(at: number): number {
    return this.has(at) ? at : this.#clusterAt(at).from;
  }

  /** The first place from `at` on. */
  after(at: number): number {
    return this.has(at) ? at : this.#clusterAt(at).to;
  }

  #clusterAt(at: number): TextRange {
    this.#segments ??= segmenter.segment(this.#text);
    const { index, segment } = this.#segments.containing(at)!;
    return { from: index, to: index + segment.length };
  }
}
