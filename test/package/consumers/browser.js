/** A page that loads a model over HTTP, encodes what it is asked, and hands the vector to whoever looks at it. */
import { StaticModel } from "nearvec";
import { NearvecClient } from "nearvec/client";
import { pipeline } from "nearvec/pipeline";

const { model: modelUrl, text } = Object.fromEntries(new URLSearchParams(location.search));
const response = await fetch(modelUrl);
const size = Number(response.headers.get("content-length"));
const model = await StaticModel.load(response.body, { size });
const extract = await pipeline("feature-extraction", model);
const tensor = await extract(text, { pooling: "mean", normalize: true });
window.result = {
  vector: [...model.encode(text)],
  pipeline: [...tensor.data],
  client: new NearvecClient({ baseUrl: location.origin }) instanceof NearvecClient,
};
