import type { Basket } from './basket.ts';
import type { Baskets } from './branch.ts';

/** Unpacked bytes that a thread holds. */
const MOST_BYTES = 128e6;

interface Held {
  index: number;
  basket: Basket;
}

/** Of each branch the unpacked basket that the next chunk begins with, the latest ones first to stay. */
const held = new Map<Baskets, Held>();
let heldBytes = 0;

/** Forgets it, as it is held again where it is needed once more. */
export function takeHeld(baskets: Baskets, index: number): Basket | undefined {
  const found = held.get(baskets);
  if (!found) return undefined;
  held.delete(baskets);
  heldBytes -= bytesOf(found.basket);
  return found.index === index ? found.basket : undefined;
}

export function hold(baskets: Baskets, index: number, basket: Basket): void {
  takeHeld(baskets, index);
  held.set(baskets, { index, basket });
  heldBytes += bytesOf(basket);
  for (const oldest of held.keys()) {
    if (heldBytes <= MOST_BYTES) break;
    takeHeld(oldest, -1);
  }
}

function bytesOf({ values, starts }: Basket): number {
  return values.buffer.byteLength + (starts?.byteLength ?? 0);
}
