/** A message with a capital where it starts with a plain word; names, addresses and expressions stay as they are. */
export function sentence(text: string): string {
  return /^[a-z]+(?:'[a-z]+)?[ ,]/.test(text) ? text[0]!.toUpperCase() + text.slice(1) : text;
}

/** A message about a file without the file's address in front, for where the file is named already. */
export function withoutPlace(message: string): string {
  return sentence(message.replace(/^(?:https?:\/\/|blob:)?\S+: /, ''));
}
