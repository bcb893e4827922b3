/** Node gives the bits of the golden file; test/workerd/encode-bits.test.ts says that workerd does too. */
import { expect, it } from "vitest";
import { encodeDigests } from "./encode-bits.ts";
import golden from "./golden/encode-bits.json" with { type: "json" };

it("encodes to the same bits in Node", async () => {
  expect(await encodeDigests()).toEqual(golden);
});
