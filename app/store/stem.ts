/** `https://host/path/Run2012_Muons.parquet?x` → `Run2012_Muons`. */
export function stemOf(address: string): string {
  const last = address.split(/[?#]/)[0]?.split('/').pop() ?? '';
  return decodeURIComponentSafely(last).replace(/\.[^.]+$/, '') || 'data';
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
