/**
 * SHA-256 of a file in a worker, so that the page stays responsive.
 * @returns hexadecimal
 */
export function hashFile(file: Blob, onProgress?: (share: number) => void): Promise<string> {
  const worker = new Worker(new URL('./hashWorker.ts', import.meta.url), { type: 'module' });
  return new Promise<string>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<{ sha256?: string; read?: number; error?: string }>) => {
      if (data.sha256) resolve(data.sha256);
      else if (data.error) reject(new Error(data.error));
      else onProgress?.((data.read ?? 0) / Math.max(file.size, 1));
    };
    worker.onerror = () => reject(new Error('the file could not be read'));
    worker.postMessage(file);
  }).finally(() => worker.terminate());
}
