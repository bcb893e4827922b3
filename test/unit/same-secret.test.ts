import { expect, test } from "vitest";
import { isSameSecret } from "../../worker/access/same-secret.ts";

const secret = Uint8Array.from({ length: 61 }, (_, i) => (i * 37) & 0x7f);

test("tells a secret from every one that differs in a bit", () => {
  expect(isSameSecret(secret, secret.slice())).toBe(true);
  for (let at = 0; at < secret.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const guess = secret.slice();
      guess[at]! ^= 1 << bit;
      expect(isSameSecret(secret, guess), `bit ${bit} of byte ${at}`).toBe(false);
    }
  }
});

test("of another length is another, the beginning of it too", () => {
  expect(isSameSecret(secret, secret.subarray(0, 60))).toBe(false);
  expect(isSameSecret(secret.subarray(0, 60), secret)).toBe(false);
});

test.each([0, 30, 60])("reads all of both, though byte %i differs", (at) => {
  const reads: PropertyKey[] = [];
  const counted = new Proxy(secret.slice(), {
    get(target, name) {
      if (name !== "length") reads.push(name);
      return Reflect.get(target, name, target) as unknown;
    },
  });
  const guess = secret.slice();
  guess[at]! ^= 1;
  expect(isSameSecret(counted, guess)).toBe(false);
  expect(reads).toEqual(Array.from(secret, (_, i) => String(i)));
});
