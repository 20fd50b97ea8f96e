/** What a newer writer may do and this reader does not know: the file is not damaged, but can't be read. */
export class UnknownFeature extends Error {}
