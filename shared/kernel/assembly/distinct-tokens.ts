/**
 * Distinct-token pooling: in each window of tokens, a token that has come already is left out. A word
 * said five times in a paragraph then weighs as much as one said once, while over a whole document the
 * windows still add up to how often it was said.
 */
import { maxPoolingWindow } from "../model-descriptor";

/** u32 tokens of the window at hand, filled up with a value that is no id. */
const window: usize = memory.data(maxPoolingWindow * 4, 16);
const noToken: i32 = -1;

/** Moves the tokens that count to the front of `count` ids at `tokens`; returns how many they are. */
export function keepDistinctTokens(tokens: usize, count: u32, windowTokens: u32): u32 {
  let kept: u32 = 0;
  for (let from: u32 = 0; from < count; from += windowTokens) {
    const to = min(from + windowTokens, count);
    for (let i: u32 = 0; i < windowTokens; i += 4) v128.store(window + (i << 2), i32x4.splat(noToken));
    let inWindow: u32 = 0;
    for (let i = from; i < to; i++) {
      const id = load<u32>(tokens + (<usize>i << 2));
      const wanted = i32x4.splat(id);
      let same = i32x4.splat(0);
      for (let at: u32 = 0; at < inWindow; at += 4) {
        same = v128.or(same, i32x4.eq(v128.load(window + (at << 2)), wanted));
      }
      if (v128.any_true(same)) continue;
      store<u32>(window + (inWindow << 2), id);
      inWindow++;
      store<u32>(tokens + (<usize>kept << 2), id);
      kept++;
    }
  }
  return kept;
}
