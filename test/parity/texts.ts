/** Texts on which the kernel must agree with the native tokenizer. */

/** Written by hand: one line for each thing that has gone wrong in some tokenizer. */
export const handWrittenTexts: readonly string[] = [
  "",
  " ",
  "Hello, World!",
  "hello world",
  "  leading and   inner  spaces\tand\nlines\r\n",
  "don't stop-believing (ever): it's 3.14%!?",
  "a.b,c;d:e!f?g\"h'i(j)k[l]m{n}o<p>q/r\\s|t@u#v$w%x^y&z*0-1_2+3=4~5`6",
  "Café naïve résumé coöperate Ångström façade",
  "Cafe\u0301 nai\u0308ve A\u030angstro\u0308m",
  "ΟΔΥΣΣΕΥΣ ΑΣ Σ ς σ",
  "İstanbul IĞDIR ıssız straße STRASSE ẞ",
  "Ǆ ǅ ǆ Ⅷ ⅷ Ⓐ ⓐ ﬁ ﬂ",
  "北京大学 is in 中国, 漢字 and 한국어 and ひらがなカタカナ",
  "中文字符𠀀𠀁𪜀 and \u{2F800}\u{2F81A} compat 豈更車",
  "각힣갂 \u1100\u1161\u11a8 ㄱㅏ",
  "emoji 😀👨‍👩‍👧‍👦🏳️‍🌈👍🏽 flags 🇩🇪 keycap 3️⃣",
  "control \u0000\u0001\u001f\u007f\u0080\u009f chars",
  "zero\u200bwidth\u200cand\u200djoiners\ufeffbom\u2060word",
  "spaces\u00a0\u1680\u2000\u2003\u2009\u2028\u2029\u202f\u205f\u3000end",
  "line\u000bvertical\u000cform\u0085next",
  "replacement \ufffd and private \ue000\u{F0000} and noncharacter \uffff\u{1FFFF}",
  "lone \ud800 high, \udc00 low, \udc00\ud800 swapped, end \ud83d",
  "\ud800",
  "punctuation «quotes» “double” ‘single’ … – — ‐ ¿qué? ¡sí! 、。「」《》",
  "math ≠ ≮ ≯ ∑ √ ∞ and currency € £ ¥ ₿ and degrees 20°C",
  "\u037e greek question \u1fef varia \u0387 ano teleia",
  "हिन्दी में पाठ، العربية مع تشكيلٍ עִבְרִית ไทยกำลัง বাংলা தமிழ்",
  "𝅗𝅥 \u{1D15E}\u{1D165} \u302e\u{1D165}x a\u302e\u{1D165}\u0d3b",
  "\u{1D15E}\u0d3b\u{1D160}\u1dfa",
  "x".repeat(99),
  "x".repeat(100),
  "x".repeat(101),
  "é".repeat(100),
  "é".repeat(101),
  "一".repeat(300),
  "antidisestablishmentarianism pneumonoultramicroscopicsilicovolcanoconiosis",
  "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
  "https://example.com/path?query=1&other=two#fragment",
  "user.name+tag@example.co.uk",
  "[CLS] [SEP] [PAD] [UNK] [MASK] [cls] [ SEP ] [[SEP]] a[SEP]b [SE",
  "[UNK][UNK] [unused1] ##ing ## #",
  "snake_case camelCase SCREAMING kebab-case 0x1F 1e10 2nd 3rd",
  "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞß",
  "\u0301\u0302 leading marks",
  "a\u0345\u0334\u0301b a\u05b0\u0591b",
  "tab\tseparated\tvalues\n\n\nparagraphs",
  "ASCII up to the very end of a block.",
  "exactly sixteen!",
  "exactly sixteen!!",
  "fifteen bytes..é",
  "longer than sixteen: internationalization, institutionalization",
  "ＦＵＬＬＷＩＤＴＨ ａｂｃ １２３ ！？",
];

/** Code points grouped by what they try: random texts draw from a few of them at a time. */
const alphabets: readonly (readonly [number, number])[] = [
  [0x20, 0x7e],
  [0x61, 0x7a],
  [0x00, 0x24f],
  [0x300, 0x36f],
  [0x370, 0x52f],
  [0x590, 0x8ff],
  [0x900, 0xdff],
  [0xe00, 0x11ff],
  [0x1ab0, 0x1fff],
  [0x2000, 0x2bff],
  [0x3000, 0x30ff],
  [0x4e00, 0x9fff],
  [0xac00, 0xd7ff],
  [0xd800, 0xdfff],
  [0xe000, 0xffff],
  [0x10000, 0x1ffff],
  [0x20000, 0x2ffff],
  [0xe0000, 0x10ffff],
];
const fragments = [
  "[SEP]",
  "[UNK]",
  "[PAD",
  "ing",
  "\u302e\u{1D165}",
  "e\u0301",
  "\u0d3b",
  "##",
  "  ",
  "the",
  "中",
];

/** Random texts of up to 40 pieces, the same for the same seed. */
export function randomTexts(count: number, seed: number): string[] {
  let state = seed >>> 0;
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const pick = <Item>(items: readonly Item[]): Item => items[random(items.length)]!;
  return Array.from({ length: count }, () => {
    const chosen = [pick(alphabets), pick(alphabets), alphabets[random(2)]!];
    return Array.from({ length: random(40) }, () => {
      if (random(8) === 0) return pick(fragments);
      if (random(6) === 0) return " ";
      const [first, last] = pick(chosen);
      return String.fromCodePoint(first + random(last - first + 1));
    }).join("");
  });
}

/** Every code point up to U+2FFFF and the last planes' first ones, each in five contexts. */
export function everyCodePoint(): string[] {
  const texts: string[] = [];
  const ranges = [
    [0, 0x2ffff],
    [0xe0000, 0xe01ff],
    [0xf0000, 0xf00ff],
    [0x10ff00, 0x10ffff],
  ] as const;
  for (const [first, last] of ranges) {
    for (let from = first; from <= last; from += 32) {
      const characters = Array.from({ length: 32 }, (_, i) => String.fromCodePoint(from + i));
      // Beside letters, alone, before and behind a letter, and beside its neighbours.
      texts.push(characters.map((each) => `a${each}b ${each} ${each}c d${each}`).join(" "));
      texts.push(characters.join(""));
    }
  }
  return texts;
}

/** Characters at whose sides a grapheme may end or not, each way that there is, and some that maps change. */
export const graphemeCharacters: readonly string[] = [
  ..."aeAb\u0301\u0308\u0300\u200dक\u094dत\u093e\u0ccd©☺😀\u{1F3FD}\u1100\u1161\u11a8가각\u0600\u0903\r\n🇩🇪\u200c\u0d4eﬁ½①éｶ\uff9e",
  ..."▁▂ \u0085\ufe0f\u20e3\u0b57\u0e33!\u{1D165}\u{11F02}\u{113D0}",
  // Long enough for the rules about more than two, short enough behind them for a grapheme to show.
  ...[
    "क\u094d",
    "त\u094dक\u0301",
    "क\u094d\u200dक\u0301",
    "क\u093cक\u0301",
    "©\u200d©\u0301",
    "☺\ufe0f\u200d©\u0301",
    "\u1161\u11a8\u0301",
  ],
];

/** White space of all kinds among letters, and what may be mistaken for it. */
export const spaceFragments: readonly string[] = [
  ...[
    " ",
    " ",
    " ",
    "▁",
    "▁",
    "▂",
    "a",
    "bc",
    "A",
    "!",
    "\t",
    "\n",
    "\u00a0",
    "\u0085",
    "é",
    "\u2028",
    "\u3000",
    "\u200b",
  ],
  "exactly sixteen!!",
];

/** Random texts of up to `most` pieces out of `pieces`, the same for the same seed. */
export function textsOf(pieces: readonly string[], count: number, seed: number, most = 20): string[] {
  let state = seed >>> 0;
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  return Array.from({ length: count }, () =>
    Array.from({ length: 1 + random(most) }, () => pieces[random(pieces.length)]!).join(""),
  );
}
