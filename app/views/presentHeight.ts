import { type RefObject, useEffect } from 'react';

/**
 * Tells a page that frames this one how high its content is, whenever that changes: `{ lumiscope: 'height', height }`,
 * in CSS pixels. It holds nothing that the page must not know, so that any page may hear it.
 */
export function useHeightMessages(content: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = content.current;
    if (!element || window.parent === window) return;
    const sizes = new ResizeObserver(() => {
      window.parent.postMessage({ lumiscope: 'height', height: Math.ceil(element.offsetHeight) }, '*');
    });
    sizes.observe(element);
    return () => sizes.disconnect();
  }, [content]);
}
