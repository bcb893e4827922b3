/** A process of its own with the collection worker in it, to be killed: prints where it listens. */
import { directUrl, startIsolate } from "./isolate.ts";

const isolate = await startIsolate("collection-worker.ts", {
  ...{ kvNamespaces: ["COLLECTIONS"], durableObjects: { COLLECTION: "CollectionObject" } },
  stateFolder: process.argv[2]!,
});
console.log(`listening on ${await directUrl(isolate)}`);
