/** Cuts documents into groups that become a segment each. */
import { compareCodePoints } from "../../shared/search/segment/code-point-order.ts";
import type { DocumentSize } from "./document-table.ts";
import { fillOf } from "./merge-policy.ts";

/** Groups of about the same size, as few as fit the limits of a segment, in the order of the ids. */
export function segmentGroups(documents: readonly DocumentSize[]): number[][] {
  const sorted = [...documents].sort((left, right) => compareCodePoints(left.id, right.id));
  const total = sorted.reduce((sum, document) => sum + shareOf(document), 0);
  const aim = total / Math.ceil(total);
  const groups: number[][] = [];
  let group: number[] = [];
  let share = 0;
  for (const document of sorted) {
    if (group.length > 0 && (share >= aim || share + shareOf(document) > 1)) {
      groups.push(group);
      group = [];
      share = 0;
    }
    group.push(document.number);
    share += shareOf(document);
  }
  if (group.length > 0) groups.push(group);
  return groups;
}

/** What a document takes of a segment. */
function shareOf({ bytes }: DocumentSize): number {
  return fillOf({ liveDocuments: 1, liveBytes: bytes });
}
