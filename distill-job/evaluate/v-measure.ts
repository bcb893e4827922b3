/** How well clusters agree with labels. */

/**
 * V-measure, from 0 to 1: the harmonic mean of homogeneity (a cluster has one label only) and completeness
 * (a label is in one cluster only).
 *
 * Source: Rosenberg and Hirschberg 2007, "V-Measure: A Conditional Entropy-Based External Cluster
 * Evaluation Measure"; scikit-learn's `v_measure_score`.
 */
export function vMeasure(labels: ArrayLike<number>, clusters: ArrayLike<number>): number {
  const joint = new Map<string, number>();
  const byLabel = new Map<number, number>();
  const byCluster = new Map<number, number>();
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    const cluster = clusters[i]!;
    increment(joint, `${label} ${cluster}`);
    increment(byLabel, label);
    increment(byCluster, cluster);
  }
  const labelEntropy = entropy(byLabel.values(), labels.length);
  const clusterEntropy = entropy(byCluster.values(), labels.length);
  const shared = labelEntropy + clusterEntropy - entropy(joint.values(), labels.length);
  const homogeneity = labelEntropy === 0 ? 1 : shared / labelEntropy;
  const completeness = clusterEntropy === 0 ? 1 : shared / clusterEntropy;
  const sum = homogeneity + completeness;
  return sum <= 0 ? 0 : Math.max(0, (2 * homogeneity * completeness) / sum);
}

function increment<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** In nats. */
function entropy(counts: Iterable<number>, total: number): number {
  let sum = 0;
  for (const count of counts) sum -= (count / total) * Math.log(count / total);
  return sum;
}
