/** workerd gives the bits of the golden file, which Node has written. */
import { expect, it } from "vitest";
import { encodeDigests } from "../parity/encode-bits.ts";
import golden from "../parity/golden/encode-bits.json" with { type: "json" };

it("encodes to the same bits in workerd", async () => {
  expect(await encodeDigests()).toEqual(golden);
});
