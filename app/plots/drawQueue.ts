/**
 * Draws one plot a frame, in turn, so that ten plots that change ten times a second leave the page free
 * for the person. A plot that changes again while it waits is drawn once, with what is latest.
 */
const waiting = new Map<symbol, () => void>();
let scheduled = false;

/** Asks for a plot to be drawn soon; a later request under the same key replaces an earlier one. */
export function requestDraw(key: symbol, draw: () => void): void {
  waiting.delete(key);
  waiting.set(key, draw);
  if (!scheduled) requestAnimationFrame(next);
  scheduled = true;
}

/** Takes a request back. */
export function cancelDraw(key: symbol): void {
  waiting.delete(key);
}

function next(): void {
  const first = waiting.entries().next();
  scheduled = waiting.size > 1;
  if (scheduled) requestAnimationFrame(next);
  if (first.done) return;
  const [key, draw] = first.value;
  waiting.delete(key);
  draw();
}
