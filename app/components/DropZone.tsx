import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import { useActions } from '../store/context.tsx';
import styles from './DropZone.module.css';

/** The whole page takes dropped files: those that a document asks for, else documents and data. */
export function DropZone({ children }: { children: ReactNode }) {
  const { giveFiles } = useActions();
  const [over, setOver] = useState(false);
  /** Enter and leave come for each element under the pointer: the count tells when the page itself is left. */
  const depth = useRef(0);
  const isFiles = (event: DragEvent) => event.dataTransfer.types.includes('Files');
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping has a keyboard twin, the file button
    <div
      className={styles.zone}
      onDragEnter={(event) => {
        if (!isFiles(event)) return;
        depth.current += 1;
        setOver(true);
      }}
      onDragOver={(event) => {
        if (isFiles(event)) event.preventDefault();
      }}
      onDragLeave={(event) => {
        if (!isFiles(event)) return;
        depth.current -= 1;
        if (depth.current <= 0) setOver(false);
      }}
      onDrop={(event) => {
        depth.current = 0;
        setOver(false);
        if (!isFiles(event)) return;
        event.preventDefault();
        giveFiles([...event.dataTransfer.files]);
      }}
    >
      {children}
      {over && (
        <div className={styles.veil} aria-hidden="true">
          Drop to open. Files stay on this machine.
        </div>
      )}
    </div>
  );
}
