/**
 * Draws one plot a frame, in turn, so that ten plots that change ten times a second leave the page free
 * for the person. A plot that changes again while it waits is drawn once, with what is latest.
 */
const waiting = new Map<symbol, () => void>();
let frame: number | undefined;

/** Asks for a plot to be drawn soon; a later request under the same key replaces an earlier one. */
export function requestDraw(key: symbol, draw: () => void): void {
  waiting.delete(key);
  waiting.set(key, draw);
  frame ??= requestAnimationFrame(next);
}

/** Takes a request back. */
export function cancelDraw(key: symbol): void {
  waiting.delete(key);
}

function next(): void {
  frame = undefined;
  const first = waiting.entries().next();
  if (first.done) return;
  const [key, draw] = first.value;
  waiting.delete(key);
  draw();
  if (waiting.size > 0) frame = requestAnimationFrame(next);
}
