/** How a collection that one isolate cannot hold is spread over several objects. */

const encoder = new TextEncoder();

/** What a shard is called: no collection can have this name. @param shard from 0 */
export function shardName(collection: string, shard: number): string {
  return `${collection}#${shard}`;
}

/** Whether a name is a shard's. */
export function isShardName(name: string): boolean {
  return name.includes("#");
}

/**
 * The shard that a document belongs to, for as long as the collection lives.
 *
 * FNV-1a over the id's UTF-8 bytes, and MurmurHash3's finalizer, without which the low bits of like ids are alike.
 */
export function shardOf(id: string, shards: number): number {
  let hash = 0x811c9dc5;
  for (const byte of encoder.encode(id)) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % shards;
}
