import { Button, type ButtonProps } from '@mantine/core';
import { type ReactNode, useRef } from 'react';

/** A button that picks files of this machine. */
export function FileButton({
  onFiles,
  children,
  ...props
}: ButtonProps & { onFiles: (files: File[]) => void; children: ReactNode }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button {...props} onClick={() => input.current?.click()}>
        {children}
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        data-testid="file-input"
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = '';
          if (files.length > 0) onFiles(files);
        }}
      />
    </>
  );
}
