/** `https://host/path/Run2012_Muons.parquet?x` → `Run2012_Muons`. */
export function stemOf(address: string): string {
  return fileNameOf(address).replace(/\.[^.]+$/, '') || 'data';
}

/** `https://host/path/Run2012%20Muons.parquet?x` → `Run2012 Muons.parquet`; what is no encoding of a text stays as it is. */
export function fileNameOf(address: string): string {
  return decodeURIComponentSafely(address.split(/[?#]/)[0]?.split('/').pop() ?? '');
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
