/**
 * The worker with an R2 bucket that takes its time, for tests of requests that end while a model loads.
 * It believes a pointer for no time at all, so that every request looks for a newer model.
 * `GET /artifact-reads` says how many model files have been opened.
 */
import { createApp } from "../../worker/app.ts";
import { ModelRegistry } from "../../worker/model-registry.ts";

// wrangler.toml binds it, so wrangler does not start a worker without it.
export { CollectionObject } from "../../worker/collections/collection-object.ts";

/** Milliseconds before a model file's first byte. */
const openMilliseconds = 1500;

let artifactReads = 0;

function slow(bucket: R2Bucket): R2Bucket {
  const get = async (key: string) => {
    if (key.endsWith(".safetensors")) {
      artifactReads++;
      await new Promise((resolve) => setTimeout(resolve, openMilliseconds));
    }
    return bucket.get(key);
  };
  return { get, list: bucket.list.bind(bucket) } as unknown as R2Bucket;
}

const app = createApp({ registry: new ModelRegistry({ pointerTtlSeconds: 0 }) });

export default {
  fetch(
    request: Request,
    env: { readonly MODELS: R2Bucket },
    context: ExecutionContext,
  ): Response | Promise<Response> {
    if (new URL(request.url).pathname === "/artifact-reads") return Response.json(artifactReads);
    return app.fetch(request, { ...env, MODELS: slow(env.MODELS) }, context);
  },
};
