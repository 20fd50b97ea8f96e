/**
 * An order in which similar things are neighbours: clusters by average linkage, then of the 2^(n−1) orders that their tree allows the one with the
 * shortest way from leaf to leaf. Time O(n³) at most, memory O(n²). (ml-hclust, the library at hand, has no leaf order.)
 */

/** A tree over things: a leaf has one, an inner node two parts. */
interface Cluster {
  leaves: number[];
  parts?: [Cluster, Cluster];
}

/**
 * @param count things, 0 … count − 1
 * @param distance symmetric, finite, not negative
 * @returns all of them, in order; of the two directions the one that begins with the lower number. The same input gives the same order
 */
export function orderBySimilarity(count: number, distance: (a: number, b: number) => number): number[] {
  if (count === 0) return [];
  const between = new Float64Array(count * count);
  for (let a = 0; a < count; a++) {
    for (let b = a + 1; b < count; b++) between[a * count + b] = between[b * count + a] = distance(a, b);
  }
  const order = shortestOrder(averageLinkage(count, between), count, between);
  return order[0]! > order.at(-1)! ? order.reverse() : order;
}

/** The length of the way along an order: what `orderBySimilarity` keeps short. */
export function lengthOfOrder(order: readonly number[], distance: (a: number, b: number) => number): number {
  return order.slice(1).reduce((sum, b, i) => sum + distance(order[i]!, b), 0);
}

/**
 * Merges the closest clusters, found by chains of nearest neighbours; a distance between clusters is the mean of those between their things.
 * @see F. Murtagh, A survey of recent advances in hierarchical clustering algorithms, https://doi.org/10.1093/comjnl/26.4.354
 */
function averageLinkage(count: number, between: Float64Array): Cluster {
  const distances = between.slice();
  const clusters: (Cluster | undefined)[] = Array.from({ length: count }, (_, leaf) => ({ leaves: [leaf] }));
  const chain: number[] = [];
  for (let left = count; left > 1; ) {
    if (chain.length === 0) chain.push(clusters.findIndex((cluster) => cluster !== undefined));
    const last = chain.at(-1)!;
    const before = chain.at(-2);
    // The one before wins where others are as near: else a chain could go on for ever.
    let nearest = before;
    for (let other = 0; other < count; other++) {
      if (other === last || !clusters[other]) continue;
      if (nearest === undefined || distances[last * count + other]! < distances[last * count + nearest]!)
        nearest = other;
    }
    if (nearest !== before) {
      chain.push(nearest!);
      continue;
    }
    chain.length -= 2;
    const [kept, gone] = last < before! ? [last, before!] : [before!, last];
    const [a, b] = [clusters[kept]!, clusters[gone]!];
    for (let other = 0; other < count; other++) {
      if (!clusters[other] || other === kept || other === gone) continue;
      const mean =
        (a.leaves.length * distances[kept * count + other]! + b.leaves.length * distances[gone * count + other]!) /
        (a.leaves.length + b.leaves.length);
      distances[kept * count + other] = distances[other * count + kept] = mean;
    }
    clusters[kept] = { leaves: [...a.leaves, ...b.leaves], parts: [a, b] };
    clusters[gone] = undefined;
    left--;
  }
  return clusters.find((cluster) => cluster !== undefined)!;
}

/**
 * The shortest order of a tree's leaves in which every cluster stays together. `best[i, j]`: the shortest way through the smallest cluster that
 * holds i and j, from i to j.
 * @see Z. Bar-Joseph, D. K. Gifford, T. S. Jaakkola, Fast optimal leaf ordering for hierarchical clustering, https://doi.org/10.1093/bioinformatics/17.suppl_1.S22
 */
function shortestOrder(root: Cluster, count: number, between: Float64Array): number[] {
  const best = new Float64Array(count * count);
  const toRight = new Float64Array(count);

  const measure = ({ parts }: Cluster): void => {
    if (!parts) return;
    const [a, b] = parts;
    measure(a);
    measure(b);
    for (const i of a.leaves) {
      for (const m of b.leaves) {
        let least = Number.POSITIVE_INFINITY;
        for (const k of otherEnds(a, i)) least = Math.min(least, best[i * count + k]! + between[k * count + m]!);
        toRight[m] = least;
      }
      for (const j of b.leaves) {
        let least = Number.POSITIVE_INFINITY;
        for (const m of otherEnds(b, j)) least = Math.min(least, toRight[m]! + best[m * count + j]!);
        best[i * count + j] = best[j * count + i] = least;
      }
    }
  };

  /** The leaves of a cluster from one given end to another. */
  const walk = ({ leaves, parts }: Cluster, i: number, j: number, order: number[]): void => {
    if (!parts) {
      order.push(leaves[0]!);
      return;
    }
    const [a, b] = parts[0].leaves.includes(i) ? parts : [parts[1], parts[0]];
    const [, k, m] = shortest(
      pairs(otherEnds(a, i), otherEnds(b, j)),
      (k, m) => best[i * count + k]! + between[k * count + m]! + best[m * count + j]!,
    );
    walk(a, i, k, order);
    walk(b, m, j, order);
  };

  measure(root);
  const order: number[] = [];
  if (!root.parts) return root.leaves;
  const [, i, j] = shortest(pairs(root.parts[0].leaves, root.parts[1].leaves), (i, j) => best[i * count + j]!);
  walk(root, i, j, order);
  return order;
}

/** Where a way through a cluster can end that begins at a leaf of it: in its other part. */
function otherEnds({ leaves, parts }: Cluster, begin: number): number[] {
  if (!parts) return leaves;
  return parts[0].leaves.includes(begin) ? parts[1].leaves : parts[0].leaves;
}

function* pairs(some: readonly number[], others: readonly number[]): Generator<[number, number]> {
  for (const a of some) for (const b of others) yield [a, b];
}

/** The first one of the pairs with the least length. */
function shortest(
  candidates: Iterable<[number, number]>,
  length: (a: number, b: number) => number,
): [length: number, a: number, b: number] {
  let found: [number, number, number] | undefined;
  for (const [a, b] of candidates) {
    const here = length(a, b);
    if (!found || here < found[0]) found = [here, a, b];
  }
  return found!;
}
