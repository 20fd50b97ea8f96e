/** Why nothing can be kept, for people. */
export function troubleOf(error: unknown): string {
  const { name, code, message } = error as { name?: string; code?: string; message?: string };
  if (globalThis.isSecureContext === false)
    return 'browsers give storage to pages that came by https, or from this machine, only';
  if (name === 'QuotaExceededError' || code === 'ENOSPC' || code === 'EDQUOT')
    return 'the disk, or what the browser grants to this site, is full';
  if (name === 'SecurityError') return 'the browser gives this page no storage, as in some private windows';
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOTDIR')
    return `its folder can't be written to (${code})`;
  return message ?? String(error);
}
