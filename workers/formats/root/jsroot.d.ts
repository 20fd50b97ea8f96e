/** What is used of JSROOT 7.11.2, whose own types don't cover its parts. */
declare module 'jsroot/io' {
  /** A buffer of streamed objects, big-endian. */
  export class TBuffer {
    constructor(view: DataView, position: number, file: TFile, length?: number);
    /** Bytes, and the next one to read. */
    arr: DataView;
    o: number;
    /** Where references to objects in the buffer count from: the length of the key's header. */
    fTagOffset: number;
    mapObject(tag: number, object: object): void;
    classStreamer(object: object, className: string): object;
    remain(): number;
    ntou4(): number;
    readFastArray(count: number, kind: number): ArrayLike<number>;
    readObjectAny(): unknown;
    readTString(): string;
    substring(begin: number, end: number): string;
    last_read_version: number;
  }

  /** A file: here, what knows how its classes are streamed. */
  export interface TFile {
    fStreamerInfos: { arr: Record<string, unknown>[] } | null;
    extractStreamerInfos(buffer: TBuffer): void;
  }

  export class FileProxy {
    openFile(): Promise<boolean>;
    getFileName(): string;
    getFileSize(): number;
    readBuffer(offset: number, length: number): Promise<DataView>;
  }

  export function openFile(proxy: FileProxy): Promise<TFile>;

  export function addUserStreamer(
    className: string,
    read: (buffer: TBuffer, object: Record<string, unknown>) => void,
  ): void;
}
