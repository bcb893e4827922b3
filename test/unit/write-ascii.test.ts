import { expect, test } from "vitest";
import { writeAscii } from "../../shared/write-ascii.ts";

const allAscii = String.fromCharCode(...Array.from({ length: 128 }, (_, i) => i));

test.each([0, 1, 7])("writes what the encoder writes, from %i on, and nothing else", (at) => {
  const target = new Uint8Array(140).fill(200);
  const expected = target.slice();
  new TextEncoder().encodeInto(allAscii, expected.subarray(at));
  expect(writeAscii(allAscii, target, at)).toBe(true);
  expect(target).toEqual(expected);
});

test.each(["\u0080", "é", "\u0161", "中", "😀", "\ud800"])(
  "tells that %j is none, wherever it stands",
  (stranger) => {
    for (const at of [0, 64, 128]) {
      const text = allAscii.slice(0, at) + stranger + allAscii.slice(at);
      expect(writeAscii(text, new Uint8Array(200), 0)).toBe(false);
    }
  },
);

test("writes nothing of nothing", () => {
  expect(writeAscii("", new Uint8Array(0), 0)).toBe(true);
});
