/** The browser's part of `cache.ts`, in a worker. */
import { openOpfsStore } from '../workers/io/cache/opfsStore.ts';
import { measure } from './cacheWork.ts';

self.onmessage = async ({ data }: MessageEvent<string>) => {
  try {
    self.postMessage(await measure(() => openOpfsStore('bench-cache'), data));
  } catch (error) {
    self.postMessage(String(error));
  }
};
