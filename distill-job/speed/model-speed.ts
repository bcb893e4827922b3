/** How fast a model embeds in this process, on one thread. */
import { StaticModel } from "../../shared/static-model.ts";
import { median } from "./quantile.ts";
import { lengths, sampleTexts } from "./sample-texts.ts";

export interface LengthSpeed {
  readonly text: string;
  /** UTF-16 units and tokens of a text, on average. */
  readonly characters: number;
  readonly tokens: number;
  readonly microsecondsPerText: number;
  readonly textsPerSecond: number;
}

export interface ModelSpeed {
  readonly model: string;
  readonly dimensions: number;
  readonly bytes: number;
  readonly loadMilliseconds: number;
  readonly lengths: readonly LengthSpeed[];
}

/** UTF-16 units of a round, about: some tenths of a millisecond, so that most rounds are not interrupted by others. */
const roundCharacters = 25_600;

/** @param seconds for each length; a tenth more of it warms up */
export async function measureModel(file: Uint8Array, seconds: number): Promise<ModelSpeed> {
  const started = performance.now();
  const model = await StaticModel.load(file);
  const loadMilliseconds = performance.now() - started;
  const { name } = model.metadata;
  return {
    ...{ model: name, dimensions: model.dimensions, bytes: file.length },
    loadMilliseconds: rounded(loadMilliseconds),
    lengths: lengths.map(({ name: text, characters }) => measureLength(model, text, characters, seconds)),
  };
}

function measureLength(model: StaticModel, text: string, characters: number, seconds: number): LengthSpeed {
  const textsPerRound = Math.ceil(roundCharacters / characters);
  const texts = sampleTexts(characters, textsPerRound);
  const output = new Float32Array(model.dimensions);
  let tokens = 0;
  const round = (): number => {
    const started = performance.now();
    tokens = 0;
    for (const each of texts) tokens += model.encodeInto(each, output, 0);
    return performance.now() - started;
  };
  const warmUntil = performance.now() + seconds * 100;
  while (performance.now() < warmUntil) round();
  const rounds: number[] = [];
  const until = performance.now() + seconds * 1000;
  do rounds.push(round());
  while (performance.now() < until);
  const microsecondsPerText = (median(rounds) * 1000) / textsPerRound;
  return {
    text,
    characters: Math.round(texts.reduce((sum, { length }) => sum + length, 0) / textsPerRound),
    tokens: rounded(tokens / textsPerRound),
    microsecondsPerText: rounded(microsecondsPerText),
    textsPerSecond: Math.round(1e6 / microsecondsPerText),
  };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
