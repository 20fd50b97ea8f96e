/** How a consumer behaves; times in ms. */
export interface ConsumerPolicy {
  /** The store is looked through as often, but for at most a twentieth of the time. */
  pollMs: number;
  /** Work of a consumer that shows no sign of life for as long is taken over. */
  leaseMs: number;
  /** Attempts at a dataset that died before it is given up. */
  deathsAtMost: number;
  /** Tries when the store is in trouble, before the dataset is left to wait. */
  tries: number;
  /** The first wait between tries; each one is twice as long as the one before. */
  waitMs: number;
}

export const DEFAULT_CONSUMER_POLICY: ConsumerPolicy = {
  pollMs: 2000,
  leaseMs: 30_000,
  deathsAtMost: 5,
  tries: 6,
  waitMs: 1000,
};
