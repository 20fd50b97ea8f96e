/** Has the app at hand without a network from the next load on. Browsers without service workers, and http pages, do without. */
export function keepShell(): void {
  if (!import.meta.env.PROD) return;
  // In a private window it may be refused.
  navigator.serviceWorker?.register('./sw.js').catch(() => undefined);
}
