/** Settles when a worker of the page dies by itself, with what is known of the reason. */
export function deathOf(worker: Worker): Promise<string> {
  return new Promise((resolve) => {
    worker.addEventListener('error', ({ message }) => resolve(message || 'its script could not be loaded'));
  });
}
