/** The search kernel's parts, each against the plainest way to say the same. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checksumOf as wholeChecksumOf } from "../../shared/kernel/checksum.ts";
import { checksumOf, checksumWindowBytes } from "../../shared/search/kernel/checksum-of.ts";
import { type Section, SectionMemory } from "../../shared/search/kernel/section-memory.ts";

function float32Section(memory: SectionMemory, values: ArrayLike<number>): Section {
  const section = memory.allocate(values.length * 4);
  memory.float32(section).set(values);
  return section;
}

/** A bitmap in whole words. */
function bitmapSection(memory: SectionMemory, bits: readonly boolean[]): Section {
  const section = memory.allocate(Math.ceil(bits.length / 64) * 8);
  const bytes = memory.bytes(section).fill(0);
  bits.forEach((bit, i) => {
    if (bit) bytes[i >> 3]! |= 1 << (i & 7);
  });
  return section;
}

describe("sections of memory", () => {
  it("keep what is in them, whatever comes and goes beside them", () => {
    const anyStep = fc.record({
      bytes: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 200_000 })),
      release: fc.integer({ min: 0, max: 9 }),
      compact: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
        const memory = new SectionMemory();
        let live: { section: Section; mark: number }[] = [];
        steps.forEach(({ bytes, release, compact }, i) => {
          const section = memory.allocate(bytes);
          expect(section.pointer % 256).toBe(0);
          // With the bytes behind it, which loops may overwrite.
          new Uint8Array(memory.kernel.memory.buffer, section.pointer, bytes + 64).fill(i);
          live.push({ section, mark: i });
          for (const each of live.slice(release)) memory.release(each.section);
          live = live.slice(0, release);
          if (compact) memory.compact();
          for (const each of live) {
            expect(memory.bytes(each.section).every((byte) => byte === each.mark)).toBe(true);
          }
        });
      }),
    );
  });

  it("are joined when they are free, and used again", () => {
    const memory = new SectionMemory();
    const fence = memory.allocate(10);
    const sections = Array.from({ length: 32 }, () => memory.allocate(100_000));
    const last = memory.allocate(10);
    const { byteLength } = memory;
    // In an order in which each has free neighbours before, behind, or on both sides.
    for (let i = 0; i < 32; i += 2) memory.release(sections[i]!);
    for (let i = 1; i < 32; i += 2) memory.release(sections[i]!);
    const whole = memory.allocate(3_200_000);
    expect(memory.byteLength).toBe(byteLength);
    expect(whole.pointer).toBeGreaterThan(fence.pointer);
    expect(whole.pointer).toBeLessThan(last.pointer);
  });

  it("shrink when most of the memory is free", () => {
    const memory = new SectionMemory();
    const large = memory.allocate(20_000_000);
    const small = memory.allocate(1000);
    memory.bytes(small).fill(7);
    memory.release(large);
    expect(memory.byteLength).toBeGreaterThan(20_000_000);
    memory.compact();
    expect(memory.byteLength).toBeLessThan(1_000_000);
    expect(memory.bytes(small).every((byte) => byte === 7)).toBe(true);
    memory.release(large);
    expect(memory.allocate(1000).pointer).not.toBe(small.pointer);
  });

  it("say so when there is no memory", () => {
    expect(() => new SectionMemory().allocate(5e9)).toThrowError(
      expect.objectContaining({ code: "model_memory_busy" }),
    );
  });
});

describe("the checksum", () => {
  it("is that of the embedding kernel, for every length around the window and the stripes", () => {
    const memory = new SectionMemory();
    const window = memory.allocate(checksumWindowBytes);
    const lengths = [0, 1, 2, 3, 2.5].flatMap((windows) =>
      Array.from({ length: 70 }, (_, i) => Math.max(0, windows * checksumWindowBytes + i - 35)),
    );
    const bytes = Uint8Array.from({ length: Math.max(...lengths) }, (_, i) => (i * 167) >> 3);
    for (const length of lengths) {
      expect(checksumOf(memory, window, bytes.subarray(0, length))).toBe(
        wholeChecksumOf(bytes.subarray(0, length)),
      );
    }
  });
});

describe("selection", () => {
  it("finds the highest scores, the best first, of equal ones the lower numbers", () => {
    const anyScore = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.float({ noNaN: true }));
    const anyItems = fc.oneof(
      fc.array(fc.tuple(anyScore, fc.boolean()), { minLength: 1, maxLength: 400 }),
      // Few scores and many of each, so that the last places go by number.
      fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.constant(true)), { minLength: 20, maxLength: 80 }),
    );
    const memory = new SectionMemory();
    fc.assert(
      fc.property(
        anyItems,
        fc.integer({ min: 0, max: 60 }),
        fc.option(anyScore),
        (items, wanted, minimum) => {
          const scores = float32Section(
            memory,
            items.map(([score]) => score),
          );
          const bits = bitmapSection(
            memory,
            items.map(([, bit]) => bit),
          );
          const top = memory.allocate(wanted * 8);
          const least = Math.fround(minimum ?? Number.NEGATIVE_INFINITY);
          const count = memory.kernel.selectTop(
            ...([scores.pointer, bits.pointer, items.length, wanted, least, top.pointer] as const),
          );
          const found = Array.from({ length: count }, (_, i) => ({
            score: memory.float32(top)[i * 2]!,
            number: memory.uint32(top)[i * 2 + 1]!,
          }));
          const expected = items
            .map(([score, bit], number) => ({ score: Math.fround(score), number, bit }))
            .filter(({ score, bit }) => bit && score >= least)
            .sort((a, b) => b.score - a.score || a.number - b.number)
            .slice(0, wanted)
            .map(({ score, number }) => ({ score, number }));
          // Zero is zero, whatever its sign.
          const plain = (items: { score: number; number: number }[]) =>
            items.map(({ score, number }) => [score + 0, number]);
          expect(plain(found)).toEqual(plain(expected));
          for (const section of [scores, bits, top]) memory.release(section);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("ranges", () => {
  it("are those of the scores whose bits are set, over several lists", () => {
    const memory = new SectionMemory();
    const anyList = fc.array(fc.tuple(fc.float({ noNaN: true }), fc.boolean()), { maxLength: 300 });
    const anyLists = fc.array(fc.tuple(anyList, fc.boolean()), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(anyLists, (lists) => {
        memory.kernel.beginRange();
        const passing: number[] = [];
        for (const [list, all] of lists) {
          const scores = float32Section(
            memory,
            list.map(([score]) => score),
          );
          const bits = bitmapSection(
            memory,
            list.map(([, bit]) => bit || all),
          );
          memory.kernel.extendRange(scores.pointer, bits.pointer, list.length);
          passing.push(...list.filter(([, bit]) => bit || all).map(([score]) => Math.fround(score)));
        }
        expect(memory.kernel.leastScore() + 0).toBe(Math.min(...passing) + 0);
        expect(memory.kernel.mostScore() + 0).toBe(Math.max(...passing) + 0);
      }),
    );
  });
});

describe("row scores", () => {
  it.each([32, 96, 256, 288, 1024])("are exact sums, with a stride of %i", (stride) => {
    const memory = new SectionMemory();
    for (const count of [1, 2, 3, 4, 5, 31]) {
      const rows = memory.allocate(count * stride);
      const planes = [0, 1].map(() => memory.allocate(((count + 7) * stride) / 2).pointer) as [
        number,
        number,
      ];
      const query = memory.allocate(stride * 2);
      // The extremes, where a narrower sum would overflow.
      memory.int8(rows).forEach((_, i, all) => {
        all[i] = i % 7 === 0 ? -128 : 127 - ((i * i) % 200);
      });
      memory.int16(query).forEach((_, i, all) => {
        all[i] = i % 3 === 0 ? 16_000 : -((i * 37) % 16_000);
      });
      memory.kernel.splitRows(rows.pointer, count, stride, ...planes);
      const scales = float32Section(memory, new Float32Array(count).fill(1));
      const scores = memory.allocate(count * 4);
      const expected = Array.from({ length: count }, (_, row) => {
        let sum = 0;
        for (let i = 0; i < stride; i++)
          sum += memory.int8(rows)[row * stride + i]! * memory.int16(query)[i]!;
        return Math.fround(sum);
      });
      memory.kernel.scoreRows(
        ...([...planes, count, stride, query.pointer] as const),
        ...([scales.pointer, scales.pointer, 1, 0, scores.pointer] as const),
      );
      expect([...memory.float32(scores)]).toEqual(expected);

      // The same through a list, the last row first, and only some of them.
      const list = memory.allocate((count + 3) * 4);
      const wanted = Array.from({ length: count }, (_, i) => count - 1 - i).filter((row) => row % 2 === 0);
      memory
        .uint32(list)
        .set([...wanted, ...Array.from({ length: 3 }, () => wanted.at(-1)!)].slice(0, count + 3));
      memory.float32(scores).fill(-1);
      memory.kernel.scoreRowsAt(
        ...([list.pointer, wanted.length, ...planes, stride, query.pointer] as const),
        ...([scales.pointer, scales.pointer, 1, 0, scores.pointer] as const),
      );
      expect([...memory.float32(scores)]).toEqual(expected.map((sum, row) => (row % 2 === 0 ? sum : -1)));
    }
  });
});

describe("bounds of row scores", () => {
  it.each([32, 256, 1024])("are what the upper halves say, with a stride of %i", (stride) => {
    const memory = new SectionMemory();
    for (const count of [1, 2, 5, 31]) {
      const rows = memory.allocate(count * stride);
      const query = memory.allocate(stride);
      memory.int8(rows).forEach((_, i, all) => {
        all[i] = i % 7 === 0 ? -128 : 127 - ((i * i) % 200);
      });
      // As large as eight sums of 16 bits allow, all of one sign.
      const most = Math.min(127, Math.floor(32_767 / 15 / (stride / 8)));
      memory.int8(query).forEach((_, i, all) => {
        all[i] = i < stride / 2 ? most : i % 5;
      });
      const planes = [0, 1].map(() => memory.allocate(((count + 7) * stride) / 2).pointer) as [
        number,
        number,
      ];
      memory.kernel.beginRows();
      memory.kernel.splitRows(rows.pointer, count, stride, ...planes);
      const scales = float32Section(memory, new Float32Array(count).fill(1));
      const bounds = memory.allocate(count * 4);
      memory.kernel.boundRows(
        ...([planes[0], count, stride, query.pointer, scales.pointer, scales.pointer] as const),
        ...([1, 0, 0, bounds.pointer] as const),
      );
      const upperOf = (row: number, i: number): number => (memory.int8(rows)[row * stride + i]! + 128) >> 4;
      const lengthOf = (row: number, element: (i: number) => number): number =>
        Math.hypot(...Array.from({ length: stride }, (_, i) => element(i) - (16 * upperOf(row, i) - 120.5)));
      const all = Array.from({ length: count }, (_, row) => row);
      expect([...memory.float32(bounds)]).toEqual(
        all.map((row) => {
          let sum = 0;
          for (let i = 0; i < stride; i++) sum += upperOf(row, i) * memory.int8(query)[i]!;
          return sum;
        }),
      );
      const rests = all.map((row) => lengthOf(row, (i) => memory.int8(rows)[row * stride + i]!));
      const nears = all.map((row) => lengthOf(row, () => 0));
      expect(memory.kernel.mostRest()).toBeCloseTo(Math.max(...rests), 1);
      expect(memory.kernel.mostNearRow()).toBeCloseTo(Math.max(...nears), 1);
    }
  });
});
