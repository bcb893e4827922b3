/** The tokens of a text as code. */
import type { CodeSample, CodeTarget } from "../../code/code-sample.ts";
import { curlCode } from "../../code/curl-code.ts";
import { literal, typescriptDialect } from "../../code/literal.ts";
import { pythonCode } from "../../code/python-code.ts";
import { typescriptCode, typescriptOptions } from "../../code/typescript-code.ts";

export function tokensCode(
  text: string,
  options: { readonly model?: string },
  target: CodeTarget,
): CodeSample {
  const tokens = { path: "/tokenize", body: { inputs: text, ...options } };
  const rows = { path: "/v1/encode_as_sequence", body: { input: text, ...options } };
  return {
    curl: `${curlCode(tokens, target)}\n\n${curlCode(rows, target)}`,
    typescript: typescriptCode(
      target,
      `const text = ${literal(text, typescriptDialect)};
const [tokens] = await client.tokenize([text]${typescriptOptions(options)});
console.log(tokens!.map((token) => token.text));

// One row for each token that is known. Its length says how far it pulls the mean.
const [rows] = await client.encodeAsSequence([text]${typescriptOptions(options)});
console.log(rows!.map((row) => Math.hypot(...row).toFixed(2)));`,
    ),
    python: pythonCode(
      rows,
      target,
      `for id, row in zip(answer["data"][0]["token_ids"], answer["data"][0]["embedding"]):
    print(id, round(sum(value * value for value in row) ** 0.5, 2))`,
    ),
  };
}
