/** What a distillation tells while it works. */
import type { ClusterListener } from "./clustering/cluster-rows.ts";
import type { HubListener } from "./hub/hub-listener.ts";

export interface DistillListener extends HubListener, ClusterListener {
  /** How many bytes of a corpus have been read for its words. */
  onWords(done: number, total: number): void;
  /** How many tokens the teacher has embedded; the first call gives 0. */
  onTokens(done: number, total: number): void;
}
