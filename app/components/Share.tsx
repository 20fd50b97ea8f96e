import { Button, Menu } from '@mantine/core';
import { IconCheck, IconCode, IconLink, IconShare2, IconTypography } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useContextual, useExplorer } from '../store/context.tsx';
import { iframeCode, presentAddress } from '../store/presentation.ts';
import { withoutStarts } from '../store/sliderHash.ts';
import styles from './Header.module.css';

/** The ways to hand an analysis on: its link, the read-only page, and the code that frames that page. */
export function Share() {
  const { base } = useContextual();
  const link = useExplorer((s) => withoutStarts(s.link));
  const title = useExplorer((s) => s.document?.title ?? 'Analysis');
  const wrong = useExplorer((s) => s.phase === 'wrong');
  const [copied, setCopied] = useState<'yes' | 'no'>();
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(undefined), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = (text: string) =>
    navigator.clipboard.writeText(text).then(
      () => setCopied('yes'),
      () => setCopied('no'),
    );
  const label = copied === 'yes' ? 'Copied' : copied === 'no' ? 'Copy from the address bar' : 'Share';
  return (
    <Menu>
      <Menu.Target>
        <Button
          variant="default"
          className={styles.link}
          title={
            wrong
              ? 'Share this analysis. Where the text is no document, the link holds what it was before'
              : 'Share this analysis: a link opens anywhere with the same numbers'
          }
          disabled={link === ''}
          leftSection={copied === 'yes' ? <IconCheck size={14} /> : <IconShare2 size={14} />}
          aria-label={label}
          data-tour="share"
        >
          <span className={styles.linkText}>{label}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconLink size={14} />} onClick={() => void copy(base + link)}>
          Copy link
        </Menu.Item>
        <Menu.Item leftSection={<IconTypography size={14} />} onClick={() => void copy(presentAddress(base, link))}>
          Copy read-only link
        </Menu.Item>
        <Menu.Item leftSection={<IconCode size={14} />} onClick={() => void copy(iframeCode(base, link, title))}>
          Copy iframe code
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item component="a" href={presentAddress(base, link)} target="_blank" rel="noopener">
          Open read-only page
        </Menu.Item>
      </Menu.Dropdown>
      <span className="visually-hidden" role="status">
        {copied && label}
      </span>
    </Menu>
  );
}
