/** Hands a file to the person: nothing leaves the machine. */
export function saveBlob(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = name;
  anchor.click();
  // The download reads the blob after the click: some browsers take a moment to start.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** As `saveBlob`, for a text. */
export function saveText(name: string, text: string, type: string): void {
  saveBlob(name, new Blob([text], { type }));
}
