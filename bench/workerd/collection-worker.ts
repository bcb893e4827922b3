/** Collections with documents out of a generator, asked by HTTP: for what is measured, and for what is killed. */
import { manifestKey } from "../../shared/search/collection/collection-keys.ts";
import type { Manifest } from "../../shared/search/collection/manifest.ts";
import { partsInKv, publishedDocuments } from "../../test/support/published-documents.ts";
import { testSettings, writtenDocument, writtenDocuments } from "../../test/support/written-documents.ts";
import type { CollectionObject } from "../../worker/collections/collection-object.ts";
import type { CollectionWriter, WrittenDocument } from "../../worker/collections/collection-writer.ts";
import { collectionWriter } from "../../worker/collections/writer-client.ts";

export { CollectionObject } from "../../worker/collections/collection-object.ts";

interface Bindings {
  readonly COLLECTIONS: KVNamespace;
  readonly COLLECTION: DurableObjectNamespace<CollectionObject>;
}

/** Documents made beforehand, by what was asked for, so that making them is not measured. */
const prepared = new Map<string, WrittenDocument[]>();

export default {
  async fetch(request: Request, env: Bindings): Promise<Response> {
    try {
      return await answer(request, env);
    } catch (error) {
      const { stack, code } = error as { stack?: string; code?: string };
      return Response.json({ code, stack: stack ?? String(error) }, { status: 500 });
    }
  },
};

async function answer(request: Request, env: Bindings): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  const name = searchParams.get("name") ?? "c";
  const writer = collectionWriter(env, name);
  const number = (key: string, otherwise = 0) => Number(searchParams.get(key) ?? otherwise);
  const dimensions = number("dimensions", testSettings.dimensions);
  const documents = () => {
    const options = {
      version: number("version"),
      dimensions,
      characters: number("characters", 40),
      rows: number("rows", 1),
    };
    return writtenDocuments(number("from"), number("to"), options);
  };
  switch (pathname) {
    case "/create":
      return Response.json(await writer.create(name, { ...testSettings, dimensions }));
    case "/prepare":
      prepared.set(searchParams.get("key")!, documents());
      return Response.json({});
    case "/writePrepared":
      return Response.json(await writer.write(prepared.get(searchParams.get("key")!)!));
    case "/write":
      return Response.json(await writer.write(documents()));
    case "/remove": {
      const ids = Array.from(
        { length: number("to") - number("from") },
        (_, i) => writtenDocument(number("from") + i).id,
      );
      return Response.json(await writer.remove(ids));
    }
    case "/describe":
      return Response.json(await writer.describe());
    case "/documents":
      return Response.json(await inObject(writer));
    case "/published":
      return Response.json(await inKv(env, name));
    case "/segments":
      return Response.json((await writer.manifest())?.segments.map(({ documents }) => documents));
    default:
      return new Response(null, { status: 404 });
  }
}

/** Ids and versions as the writer lists them. */
async function inObject(writer: CollectionWriter): Promise<(readonly [string, unknown])[]> {
  const found: (readonly [string, unknown])[] = [];
  for (let after: string | null = null; ; ) {
    const page = await writer.list({ prefix: "", after, limit: 1000 });
    found.push(...page.map(({ id, metadata }) => [id, metadata.version] as const));
    if (page.length === 0) return found;
    after = page.at(-1)!.id;
  }
}

/** Ids and versions as a reader of KV finds them, with the sequence that the manifest says. */
async function inKv(env: Bindings, name: string) {
  const manifest = await env.COLLECTIONS.get<Manifest>(manifestKey(name), "json");
  if (manifest === null) return { sequence: 0, documents: [] };
  const documents = await publishedDocuments(manifest.segments, partsInKv(env.COLLECTIONS, manifest));
  return {
    sequence: manifest.sequence,
    generation: manifest.generation,
    documents: documents.map(({ id, metadata }) => [id, metadata.version]),
  };
}
