import ReactMarkdown, { type Components } from 'react-markdown';
import sanitize from 'rehype-sanitize';
import { foreignHost } from '../store/addresses.ts';

const COMPONENTS: Components = {
  a: ({ href, children }) => (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  ),
  // An image is a call to its host, which nobody has agreed to.
  img: ({ src, alt }) =>
    typeof src === 'string' && foreignHost(src, document.baseURI) === undefined ? (
      <img src={src} alt={alt ?? ''} />
    ) : (
      <a href={typeof src === 'string' ? src : undefined} target="_blank" rel="noopener noreferrer">
        {alt || 'image'}
      </a>
    ),
};

const PLUGINS = [sanitize];

/** Markdown as elements of the page. */
export default function MarkdownText({ text }: { text: string }) {
  return (
    <ReactMarkdown rehypePlugins={PLUGINS} components={COMPONENTS}>
      {text}
    </ReactMarkdown>
  );
}
