/** Texts to measure with: plain English, of three lengths. */

const sentences = [
  "The horse stood in the rain and waited for someone to open the gate of the stable.",
  "Electric cars need a battery, a charger and a road that is not too steep in winter.",
  "She wrote a letter to the bank about the interest on the loan, and got no answer.",
  "The committee will meet again on Thursday to decide about the budget of the library.",
  "A good soup begins with onions, butter and patience; everything else may be changed.",
  "Light from the nearest star takes more than four years to arrive at our telescopes.",
];

/** What a length is called, and how many UTF-16 units it is, about. */
export const lengths = [
  { name: "query", characters: 20 },
  { name: "sentence", characters: 100 },
  { name: "paragraph", characters: 1000 },
] as const;

/** Different texts of a length, cut between words. */
export function sampleTexts(characters: number, count: number): string[] {
  const all = sentences.join(" ").split(" ");
  return Array.from({ length: count }, (_, i) => {
    const words: string[] = [];
    for (let at = i * 7, length = 0; length < characters; at++) {
      const word = all[at % all.length]!;
      words.push(word);
      length += word.length + 1;
    }
    return words.join(" ");
  });
}
