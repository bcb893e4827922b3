/** A stand-in for a chat model: it understands nothing, and quotes the sentence with most words of the question. */
import { SimpleChatModel } from "@langchain/core/language_models/chat_models";
import type { BaseMessage } from "@langchain/core/messages";

/** Words that say nothing of what is asked. */
const stopWords = new Set(
  "a an and are at be can come do does for from how i in is it long many may much my of on or the to what when where which who with".split(
    " ",
  ),
);

export class QuotingModel extends SimpleChatModel {
  constructor() {
    super({});
  }

  override _llmType(): string {
    return "quoting";
  }

  /** The same question and passages always get the same answer. */
  override async _call(messages: BaseMessage[]): Promise<string> {
    const [instructions, question] = messages.map(({ text }) => text);
    const asked = stemsOf(question!);
    const sharedOf = (sentence: string) => stemsOf(sentence).intersection(asked).size;
    const passages = [...instructions!.matchAll(/^\[(\d+)\] .*?: (.*(?:\n.+)*)/gm)];
    const best = passages
      .flatMap(([, number, passage]) =>
        passage!.split(/(?<=[.!?])\s+/).map((sentence) => ({ number, sentence, shared: sharedOf(sentence) })),
      )
      // Sorting keeps the order of equals: passages come best first.
      .sort((a, b) => b.shared - a.shared)[0];
    if (best === undefined || best.shared * 2 < asked.size) return "The documents do not say.";
    return `${best.sentence} [${best.number}]`;
  }
}

/** Beginnings of a text's words, so that "dog" and "dogs" are the same. */
function stemsOf(text: string): Set<string> {
  const words = text.toLowerCase().match(/\p{L}+|\d+/gu) ?? [];
  return new Set(
    words.filter((word) => !stopWords.has(word)).map((word) => word.slice(0, 4).replace(/s$/, "")),
  );
}
