/** Which chat model answers: any with OpenAI's API, or a stand-in that needs none. */
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { QuotingModel } from "./quoting-model.ts";

/**
 * `CHAT_MODEL` names the model, `OPENAI_BASE_URL` where it is (OpenAI's own if not given), `OPENAI_API_KEY` is the key.
 * Without `CHAT_MODEL` there is no model to ask.
 */
export async function chooseChatModel(): Promise<BaseChatModel> {
  const { CHAT_MODEL: model, OPENAI_BASE_URL: baseURL, OPENAI_API_KEY: apiKey = "none" } = process.env;
  if (model === undefined) return new QuotingModel();
  const { ChatOpenAI } = await import("@langchain/openai");
  return new ChatOpenAI({
    model,
    apiKey,
    temperature: 0,
    ...(baseURL ? { configuration: { baseURL } } : {}),
  });
}
