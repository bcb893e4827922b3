/** The kernel's loops over codes, each against the plainest way to say the same. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../distill-job/seeded-random.ts";
import { outstandingThresholds } from "../../shared/search/index/outstanding-thresholds.ts";
import { ScanSpace } from "../../shared/search/index/scan-space.ts";
import { placeSegments, WorkingSpace } from "../../shared/search/index/working-space.ts";
import { SectionMemory } from "../../shared/search/kernel/section-memory.ts";

const blockRows = 32;

/** Bytes by chance, in a section with room to read ahead. */
function randomBytes(memory: SectionMemory, length: number, most: number, random: () => number) {
  const section = memory.allocate(length + 8192);
  memory.bytes(section).forEach((_, i, bytes) => {
    bytes[i] = Math.floor(random() * (most + 1));
  });
  return section;
}

/** Room for a query over no segments. */
function spaceIn(memory: SectionMemory): ScanSpace {
  return new ScanSpace(memory, new WorkingSpace(memory), placeSegments([]).sizes);
}

describe("signs", () => {
  it.each([
    [2, 1],
    [2, 33],
    [4, 31],
    [32, 32],
    [32, 100],
    [130, 65],
  ])("add up what tables have for them: %i bytes of %i rows", (rowBytes, rows) => {
    const memory = new SectionMemory();
    const random = seededRandom(rowBytes * 1000 + rows);
    const blocks = Math.ceil(rows / blockRows);
    const signs = randomBytes(memory, blocks * rowBytes * blockRows, 255, random);
    const tables = randomBytes(memory, rowBytes * 2 * 16, 63, random);
    const scores = memory.allocate(blocks * blockRows * 4);
    const expected = Array.from({ length: rows }, (_, row) => {
      let sum = 0;
      for (let byte = 0; byte < rowBytes; byte++) {
        const at = (Math.floor(row / blockRows) * rowBytes + byte) * blockRows + (row % blockRows);
        const bits = memory.bytes(signs)[at]!;
        sum += memory.bytes(tables)[byte * 32 + (bits & 15)]!;
        sum += memory.bytes(tables)[byte * 32 + 16 + (bits >> 4)]!;
      }
      return sum * 0.5 - 3;
    });
    const score = (rowBits: number) =>
      memory.kernel.scoreSigns(
        ...([signs.pointer, rows, rowBytes, tables.pointer, rowBits, 0.5, -3, scores.pointer, 8192] as const),
      );
    score(0);
    expect([...memory.float32(scores).subarray(0, rows)]).toEqual(expected);

    // Only the blocks of which a row matters.
    const bits = memory.allocate(Math.ceil(rows / 64) * 8);
    memory.bytes(bits).fill(0);
    const last = rows - 1;
    memory.bytes(bits)[last >> 3]! |= 1 << (last & 7);
    memory.float32(scores).fill(-1);
    score(bits.pointer);
    const lastBlock = Math.floor(last / blockRows) * blockRows;
    expect([...memory.float32(scores).subarray(0, rows)]).toEqual(
      expected.map((sum, row) => (row < lastBlock ? -1 : sum)),
    );
  });
});

describe("levels", () => {
  it.each([2, 4, 32])("add up with their signs: %i bytes", (rowBytes) => {
    const memory = new SectionMemory();
    const random = seededRandom(rowBytes);
    const rows = 70;
    const signs = randomBytes(memory, 3 * rowBytes * blockRows, 255, random);
    const outer = randomBytes(memory, rows * rowBytes, 255, random);
    const elements = memory.allocate(rowBytes * 8 * 4);
    const scales = memory.allocate(rows * 4);
    memory.float32(elements).forEach((_, i, values) => {
      values[i] = random() - 0.5;
    });
    memory.float32(scales).forEach((_, i, values) => {
      values[i] = random();
    });
    const list = memory.allocate(4 * 4);
    memory.uint32(list).set([69, 0, 33, 64]);
    const scores = memory.allocate(rows * 4);
    memory.float32(scores).fill(-9);
    memory.kernel.scoreLevelsAt(
      ...([list.pointer, 4, signs.pointer, outer.pointer, rowBytes, elements.pointer, 3] as const),
      ...([scales.pointer, scores.pointer] as const),
    );
    memory.float32(scores).forEach((score, row) => {
      if (![69, 0, 33, 64].includes(row)) {
        expect(score).toBe(-9);
        return;
      }
      let sum = 0;
      for (let i = 0; i < rowBytes * 8; i++) {
        const byte = i >> 3;
        const block = Math.floor(row / blockRows) * rowBytes;
        const sign = (memory.bytes(signs)[(block + byte) * blockRows + (row % blockRows)]! >> (i & 7)) & 1;
        const level = (memory.bytes(outer)[row * rowBytes + byte]! >> (i & 7)) & 1;
        sum += memory.float32(elements)[i]! * (level === 1 ? 3 : 1) * (sign === 1 ? -1 : 1);
      }
      expect(score).toBeCloseTo(sum * memory.float32(scales)[row]!, 5);
    });
  });
});

describe("outstanding scores", () => {
  it("are marked at both ends, of those that pass", () => {
    const anyScores = fc.array(fc.tuple(fc.float({ min: -1, max: 1, noNaN: true }), fc.boolean()), {
      minLength: 1,
      maxLength: 300,
    });
    fc.assert(
      fc.property(anyScores, fc.float({ min: -1, max: 1, noNaN: true }), (items, low) => {
        const memory = new SectionMemory();
        const words = Math.ceil(items.length / 64);
        const scores = memory.allocate(words * 64 * 4);
        const [passing, marked] = [memory.allocate(words * 8), memory.allocate(words * 8)];
        memory.float32(scores).fill(1);
        memory.bytes(passing).fill(0);
        items.forEach(([score, bit], i) => {
          memory.float32(scores)[i] = score;
          if (bit) memory.bytes(passing)[i >> 3]! |= 1 << (i & 7);
        });
        const high = Math.fround(low + 0.5);
        const count = memory.kernel.markOutstanding(
          ...([scores.pointer, passing.pointer, items.length, low, high, marked.pointer] as const),
        );
        const found = items.flatMap((_, i) => ((memory.bytes(marked)[i >> 3]! >> (i & 7)) & 1 ? [i] : []));
        expect(found).toEqual(
          items.flatMap(([score, bit], i) => (bit && (score <= low || score >= high) ? [i] : [])),
        );
        expect(count).toBe(found.length);
      }),
    );
  });

  it("are about as many as are wanted, by a sample", () => {
    const memory = new SectionMemory();
    const count = 300_000;
    const scores = memory.allocate(count * 4);
    const bits = memory.allocate(Math.ceil(count / 64) * 8);
    memory.bytes(bits).fill(255);
    const random = seededRandom(4);
    const values = memory.float32(scores);
    for (let i = 0; i < count; i++) values[i] = (random() + random() + random() - 1.5) * 0.5;
    const list = { scores: scores.pointer, bits: bits.pointer, count, passing: count };
    const wanted = { highest: 4000, lowest: 400 };
    const { low, high } = outstandingThresholds(spaceIn(memory), [list], wanted);
    const above = memory.float32(scores).filter((score) => score >= high).length;
    const below = memory.float32(scores).filter((score) => score <= low).length;
    expect(above / 4000).toBeGreaterThan(0.85);
    expect(above / 4000).toBeLessThan(1.15);
    expect(below / 400).toBeGreaterThan(0.6);
    expect(below / 400).toBeLessThan(1.5);
  });

  it("are all of them where there are few", () => {
    const memory = new SectionMemory();
    const wanted = { highest: 4000, lowest: 0 };
    const list = { scores: 0, bits: 0, count: 5000, passing: 5000 };
    expect(outstandingThresholds(spaceIn(memory), [list], wanted).high).toBe(Number.NEGATIVE_INFINITY);
  });
});
