/** Asks a question of a folder of documents: `npm run example:rag -- "Do dogs travel free?"` */
import { fileURLToPath } from "node:url";
import { NearvecClient, NearvecError } from "nearvec/client";
import { answerQuestion } from "./answer-question.ts";
import { chooseChatModel } from "./chat-model.ts";
import { indexDocuments } from "./index-documents.ts";

const documents = fileURLToPath(new URL("documents", import.meta.url));

async function main(question = "Do dogs travel free?"): Promise<void> {
  const { NEARVEC_URL: baseUrl = "http://127.0.0.1:8787", NEARVEC_API_KEY: apiKey } = process.env;
  const client = new NearvecClient({ baseUrl, ...(apiKey ? { apiKey } : {}) });
  const collection = await indexDocuments(client, "ferry-handbook", documents);
  const { answer, citations } = await answerQuestion(question, collection, await chooseChatModel());
  console.log(`${question}\n\n${answer}\n`);
  for (const { number, source, title, passage } of citations) {
    console.log(`[${number}] ${title} (${source}): ${passage}`);
  }
}

try {
  await main(process.argv.slice(2).join(" ") || undefined);
} catch (error) {
  if (!NearvecError.isInstance(error) || error.code !== "connection_failed") throw error;
  console.error(`${error.message}\nIs a worker running? Start one in another terminal: npm start`);
  process.exitCode = 1;
}
