/** What a writer may do and this reader does not know: the file is not damaged, but can't be read. */
export class UnknownFeature extends Error {
  readonly hint: string;

  constructor(
    message: string,
    hint = 'write it with an older version of ROOT, or see whether there is a newer Lumiscope',
  ) {
    super(message);
    this.hint = hint;
  }
}
