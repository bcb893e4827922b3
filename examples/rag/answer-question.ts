/** Step 2: find passages, have a chat model answer out of them, and say which passages the answer rests on. */
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { StringOutputParser } from "@langchain/core/output_parsers";
import { ChatPromptTemplate } from "@langchain/core/prompts";
import type { CollectionClient } from "nearvec/client";
import { NearvecRetriever } from "nearvec/langchain";

export interface Citation {
  /** As the answer has it in brackets. */
  readonly number: number;
  readonly source: string;
  readonly title: string;
  readonly passage: string;
}

const prompt = ChatPromptTemplate.fromMessages([
  [
    "system",
    "Answer the question from the passages below and from nothing else. After each sentence put the number of the " +
      "passage it rests on in brackets, like [2]. If the passages do not answer it, say that the documents do not say.\n\n" +
      "{passages}",
  ],
  ["human", "{question}"],
]);

export async function answerQuestion(
  question: string,
  collection: CollectionClient,
  model: BaseChatModel,
): Promise<{ readonly answer: string; readonly citations: readonly Citation[] }> {
  const retriever = new NearvecRetriever({
    collection,
    content: "passage",
    // Hybrid search, by meaning and by words. Strong, so that what was written a moment ago is found.
    search: { top_k: 4, consistency: "strong" },
  });
  const found = await retriever.invoke(question);
  const passages = found
    .map(({ pageContent, metadata }, i) => `[${i + 1}] ${metadata.title}: ${pageContent.trim()}`)
    .join("\n\n");
  const chain = prompt.pipe(model).pipe(new StringOutputParser());
  const answer = await chain.invoke({ passages, question });
  // A model may cite what it was not given: such a number leads nowhere, and is not shown as a source.
  const numbers = new Set([...answer.matchAll(/\[(\d+)\]/g)].map(([, digits]) => Number(digits)));
  const citations = found
    .map(({ pageContent, metadata: { source, title } }, i) => ({
      number: i + 1,
      source,
      title,
      passage: pageContent.trim(),
    }))
    .filter(({ number }) => numbers.has(number));
  return { answer, citations };
}
