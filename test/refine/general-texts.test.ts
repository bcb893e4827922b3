import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { passagesOf, sentencesOf, withSentences } from "../../distill-job/corpus/sentences.ts";
import { evaluationTexts } from "../../distill-job/default-model/evaluation-texts.ts";
import { textDigest } from "../../distill-job/default-model/general-corpus.ts";
import { composedSentences } from "../../distill-job/default-model/texts/composed-sentences.ts";
import { verbForms, withArticle } from "../../distill-job/default-model/texts/word-forms.ts";
import { readWordNet, type Synset } from "../../distill-job/default-model/texts/wordnet.ts";
import { wordNetTexts } from "../../distill-job/default-model/texts/wordnet-texts.ts";
import { seededRandom } from "../../distill-job/seeded-random.ts";
import { temporaryDirectory } from "../distill/tiny-teacher.ts";

describe("sentences", () => {
  const text =
    "It rained all day long. Nobody went out. Then the sun came out again.\nThat was   good to see.";

  test("are split, white space made plain, short ones left out", () => {
    expect(sentencesOf(text)).toEqual([
      "It rained all day long.",
      "Then the sun came out again.",
      "That was good to see.",
    ]);
  });

  test("stand beside a text that has several, not beside one that has one", () => {
    expect(withSentences(text)).toEqual([text, ...sentencesOf(text)]);
    expect(withSentences("It rained all day long.")).toEqual(["It rained all day long."]);
  });

  test("make passages of four, and what is left of them none", () => {
    expect(passagesOf(["a", "b", "c", "d", "e", "f", "g", "h", "i"])).toEqual(["a b c d", "e f g h"]);
  });
});

/** Lines in the form of WordNet's files (wndb(5WN)), with words of our own. */
const files = {
  "data.noun": [
    "  1 the licence stands here  ",
    '00000100 05 n 02 grey_cat 0 mouser 0 002 @ 00000900 n 0000 ~ 00000300 n 0000 | a cat that is grey; "the grey cat slept"',
    "00000200 15 n 01 Smalltown 0 001 @i 00000900 n 0000 | a town in a story",
    "00000300 06 n 01 ladder 0 000 | steps between two poles",
    "00000400 18 n 01 painter 0 000 | one who paints",
    "00000500 04 n 01 journey 0 000 | going from one place to another",
  ],
  "data.verb": [
    '00000100 29 v 01 lift 0 000 04 + 08 00 + 02 00 + 09 00 + 22 00 | move up; to a higher place; "lift the box"; "they lifted it"',
  ],
  "data.adj": ["00000100 00 a 01 tall(ip) 0 000 | of great height"],
  "data.adv": ["00000100 02 r 01 slowly 0 000 | at low speed"],
  "index.sense": [
    "grey_cat%1:05:00:: 00000100 1 7",
    "smalltown%1:15:00:: 00000200 1 2",
    "ladder%1:06:00:: 00000300 1 4",
    "painter%1:18:00:: 00000400 1 4",
    "journey%1:04:00:: 00000500 1 4",
    "lift%2:29:00:: 00000100 1 9",
    "tall%5:00:00:high:00 00000100 1 3",
  ],
};

describe("WordNet", () => {
  async function read(): Promise<Synset[]> {
    const directory = await temporaryDirectory();
    for (const [name, lines] of Object.entries(files)) {
      await writeFile(join(directory, name), `${lines.join("\n")}\n`);
    }
    return readWordNet(directory);
  }

  test("a synset has its words, uses, frames, definition and examples", async () => {
    const synsets = await read();
    expect(synsets).toHaveLength(8);
    expect(synsets[0]).toMatchObject({
      ...{ part: "noun", field: 5, words: ["grey cat", "mouser"], uses: 7, isName: false },
      ...{ hypernyms: ["noun 00000900"], definition: "a cat that is grey", examples: ["the grey cat slept"] },
    });
    expect(synsets[1]).toMatchObject({ words: ["Smalltown"], isName: true, uses: 2 });
    expect(synsets[5]).toMatchObject({
      ...{ part: "verb", frames: [8, 2, 9, 22], uses: 9, definition: "move up; to a higher place" },
      examples: ["lift the box", "they lifted it"],
    });
    expect(synsets[6]).toMatchObject({ part: "adj", words: ["tall"], uses: 3 });
    expect(synsets[7]).toMatchObject({ part: "adv", uses: 0 });
  });

  test("says in sentences what words mean, and how they are used", async () => {
    expect(wordNetTexts(await read()).slice(0, 2)).toEqual([
      "grey cat, mouser: a cat that is grey",
      "the grey cat slept",
    ]);
  });

  test("gives words to sentences, the same ones for the same seed", async () => {
    const synsets = await read();
    const sentences = composedSentences(synsets, 200, seededRandom(1));
    expect(sentences).toHaveLength(200);
    expect(composedSentences(synsets, 200, seededRandom(1))).toEqual(sentences);
    expect(composedSentences(synsets, 200, seededRandom(2))).not.toEqual(sentences);
    expect(sentences.some((sentence) => / is .*lifting a ladder/.test(sentence))).toBe(true);
    expect(sentences.some((sentence) => sentence.includes("Smalltown"))).toBe(true);
    expect(sentences.every((sentence) => /^[A-Z0-9]/.test(sentence) && !sentence.includes("undefined"))).toBe(
      true,
    );
  });
});

test("verbs have their forms, nouns their article", () => {
  expect(verbForms("run")).toEqual({ infinitive: "run", present: "runs", past: "ran", gerund: "running" });
  expect(verbForms("xylophone of")).toBeUndefined();
  expect([withArticle("dog"), withArticle("umbrella")]).toEqual(["a dog", "an umbrella"]);
});

test("evaluation texts are every text field of every file, however it is separated", async () => {
  const directory = await temporaryDirectory();
  await mkdir(join(directory, "set/deeper"), { recursive: true });
  await writeFile(
    join(directory, "sts.csv"),
    'main\t2012\t0.5\tThe first "sentence" here.\tThe second one.\n',
  );
  await writeFile(join(directory, "set/a.csv"), 'text,label\n"Where, then, is it?",card_arrival\n');
  await writeFile(
    join(directory, "set/deeper/b.jsonl"),
    '{"_id":"7","title":"A title of words","text":"Body text."}\n',
  );
  expect(new Set(await evaluationTexts(directory))).toEqual(
    new Set([
      ...['The first "sentence" here.', "The second one.", "Where, then, is it?", "card_arrival"],
      ...["A title of words", "Body text."],
    ]),
  );
});

test("a text's digest is the same whatever its case and punctuation", () => {
  expect(textDigest("The end, of the year!")).toBe(textDigest("the end of the YEAR"));
  expect(textDigest("the end of the year")).not.toBe(textDigest("the end of a year"));
});
