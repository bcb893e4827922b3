/** Step 1: a folder of texts becomes a collection that can be searched. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Document } from "@langchain/core/documents";
import { type CollectionClient, type NearvecClient, NearvecError } from "nearvec/client";
import { NearvecEmbeddings, NearvecVectorStore } from "nearvec/langchain";

/**
 * Run it again after a change: a file that is the same is neither embedded nor written, one that is gone is deleted.
 *
 * @param folder Of Markdown files, each with its title in the first line; their names are the documents' ids.
 */
export async function indexDocuments(
  client: NearvecClient,
  name: string,
  folder: string,
): Promise<CollectionClient> {
  const collection = await openCollection(client, name);
  const files = (await readdir(folder)).filter((file) => file.endsWith(".md")).sort();
  const documents = await Promise.all(
    files.map(async (file) => {
      const [heading, ...paragraphs] = (await readFile(join(folder, file), "utf8")).split("\n");
      const metadata = { source: file, title: heading!.replace(/^#\s*/, "") };
      return new Document({ pageContent: paragraphs.join("\n").trim(), metadata });
    }),
  );
  // The worker makes the vectors: with NearvecEmbeddings, texts are all that is sent.
  const store = new NearvecVectorStore(new NearvecEmbeddings({ source: client }), { collection });
  await store.addDocuments(documents, { ids: files });
  const gone: string[] = [];
  for await (const { id } of collection.list()) if (!files.includes(id)) gone.push(id);
  if (gone.length > 0) await store.delete({ ids: gone });
  return collection;
}

async function openCollection(client: NearvecClient, name: string): Promise<CollectionClient> {
  try {
    return await client.collections.create({
      name,
      // What filters may ask for: a search for { source: "animals.md" } looks at that file only.
      fields: { source: "string" },
      // Long texts are found, and cited, a few sentences at a time.
      chunking: { by: "sentences", max_characters: 240 },
    });
  } catch (error) {
    if (NearvecError.isInstance(error) && error.code === "collection_exists") return client.collection(name);
    throw error;
  }
}
