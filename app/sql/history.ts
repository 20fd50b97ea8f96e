/** Questions that were asked, the latest first. Storage may be full, blocked or hold anything: then nothing is remembered. */
const KEY = 'lumiscope.sql';
const MOST = 40;

export function askedBefore(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter((text): text is string => typeof text === 'string') : [];
  } catch {
    return [];
  }
}

export function rememberAsked(text: string): void {
  try {
    const others = askedBefore().filter((one) => one !== text);
    localStorage.setItem(KEY, JSON.stringify([text, ...others].slice(0, MOST)));
  } catch {}
}
