import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { passagesOf, sentencesOf, withSentences } from "../../distill-job/corpus/sentences.ts";
import { evaluationTexts } from "../../distill-job/default-model/evaluation-texts.ts";
import { textDigest } from "../../distill-job/default-model/general-corpus.ts";
import { composedSentences } from "../../distill-job/default-model/texts/composed-sentences.ts";
import { countriesOf } from "../../distill-job/default-model/texts/countries.ts";
import { exchangeWords } from "../../distill-job/default-model/texts/exchanged-words.ts";
import {
  factbookSentences,
  factbookStatements,
  readProfiles,
} from "../../distill-job/default-model/texts/factbook.ts";
import { headlines } from "../../distill-job/default-model/texts/headlines.ts";
import { vocabularyWords } from "../../distill-job/default-model/texts/vocabulary-words.ts";
import { verbForms, withArticle } from "../../distill-job/default-model/texts/word-forms.ts";
import { readWordNet, type Synset } from "../../distill-job/default-model/texts/wordnet.ts";
import {
  synonyms,
  wordNetPassages,
  wordNetTexts,
} from "../../distill-job/default-model/texts/wordnet-texts.ts";
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

const person: Synset = {
  ...{ part: "noun", field: 18, words: ["Smith", "John Smith"], id: "noun 1", hypernyms: [], isName: true },
  ...{ frames: [], uses: 0, definition: "a smith", examples: [] },
};

/** In the form of the Factbook's, of a country of our own. */
const profile = {
  Introduction: {
    Background: {
      text: "Elbonia was settled by people who had lost their way in the mud, and who have never found a way out of it again. They stay.",
    },
  },
  Geography: {
    Climate: { text: "muddy all year; <b>wet</b> from autumn to spring" },
    Area: { text: "12 sq km" },
  },
  "People and Society": { Nationality: { adjective: { text: "Elbonian; Elbish" } } },
  Government: {
    "Country name": { "conventional short form": { text: "Elbonia (the)" } },
    Capital: { name: { text: "Mudville (old town)" } },
    "Executive branch": {
      "chief of state": { text: "President Ada MUD (since 2001); note - she rules alone" },
      "head of government": { text: "President Ada MUD (since 2001)" },
    },
    "Political parties and leaders": { text: "Mud Party or MP [Ada MUD] ++ Independents ++ Dry Land League" },
  },
};

describe("the World Factbook", () => {
  test("names countries, their capitals, leaders and parties", () => {
    expect(countriesOf([profile, { Geography: {} }])).toEqual([
      {
        ...{ name: "Elbonia", capital: "Mudville", adjective: "Elbonian" },
        ...{ leaders: ["President Ada Mud"], parties: ["Mud Party", "Dry Land League"] },
      },
    ]);
  });

  test("says sentences where it has prose, and statements of its other fields", async () => {
    const directory = await temporaryDirectory();
    for (const folder of ["europe", "meta"]) {
      await mkdir(join(directory, folder));
      await writeFile(join(directory, folder, "eb.json"), JSON.stringify(profile));
    }
    const profiles = await readProfiles(directory);
    expect(profiles).toEqual([profile]);
    expect(factbookSentences(profiles)).toEqual([
      "Elbonia was settled by people who had lost their way in the mud, and who have never found a way out of it again.",
    ]);
    const statements = factbookStatements(profiles);
    expect(statements).toContain("Elbonia, climate: muddy all year; wet from autumn to spring");
    expect(statements).toContain("wet from autumn to spring");
    expect(statements.some((statement) => statement.includes("sq km"))).toBe(false);
  });
});

describe("exchanged words", () => {
  const sentences = ["The horse ran over every single fence.", "too short", "a b c d e f g"];
  const words = ["zebra", "comet", "42"];

  test("come as often as was asked for, two in a sentence, in the place of long ones", () => {
    const exchanged = exchangeWords(sentences, words, 8, seededRandom(1));
    expect(exchanged).toHaveLength(12);
    const all = exchanged.flatMap((sentence) => sentence.split(" "));
    for (const word of words) expect(all.filter((each) => each === word)).toHaveLength(8);
    for (const sentence of exchanged) {
      expect(sentence).toMatch(/^The \S+ ran \S+ \S+ \S+ \S+$/);
      expect(sentence.split(" ").filter((word) => words.includes(word))).toHaveLength(2);
    }
    expect(exchangeWords(sentences, words, 8, seededRandom(1))).toEqual(exchanged);
  });

  test("need a sentence to come in", () => {
    expect(exchangeWords(["too short"], words, 8, seededRandom(1))).toEqual([]);
  });

  test("are a vocabulary's whole words and numbers, in its order", async () => {
    const directory = await temporaryDirectory();
    const vocab = { "2010": 4, "[UNK]": 0, the: 1, "##ing": 2, a: 3, "!": 5, horse: 6 };
    await writeFile(
      join(directory, "tokenizer.json"),
      JSON.stringify({ model: { type: "WordPiece", vocab } }),
    );
    expect(await vocabularyWords(directory)).toEqual(["the", "2010", "horse"]);
  });
});

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

  test("makes passages of what is more special than something, three at a time", () => {
    const synset = (word: string, ...hypernyms: string[]): Synset => {
      return { ...person, words: [word], id: word, hypernyms, definition: `what a ${word} is` };
    };
    const kinds = ["cat", "dog", "cow", "owl"].map((word) => synset(word, "animal"));
    expect(wordNetPassages([synset("animal"), ...kinds])).toEqual([
      "animal: what a animal is. cat: what a cat is. dog: what a dog is. cow: what a cow is.",
    ]);
  });

  test("says which words mean the same", async () => {
    expect(synonyms(await read())).toEqual(["grey cat, mouser"]);
  });

  test("and the Factbook fill headlines, and leave no gap in any", async () => {
    const words = ["gadget", "river"];
    const news = { synsets: [...(await read()), person], countries: countriesOf([profile]), words };
    const found = headlines(news, 2000, seededRandom(1));
    expect(found).toHaveLength(2000);
    expect(headlines(news, 2000, seededRandom(1))).toEqual(found);
    for (const name of ["Elbonia", "Mudville", "Elbonian", "President Ada Mud", "Mud Party", "gadget"]) {
      expect(found.some((headline) => headline.includes(name))).toBe(true);
    }
    expect(found.filter((headline) => /[{}]|undefined|NaN/.test(headline))).toEqual([]);
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
