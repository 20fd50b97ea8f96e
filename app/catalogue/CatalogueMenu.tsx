import { ActionIcon, Menu } from '@mantine/core';
import { IconDotsVertical } from '@tabler/icons-react';
import { useStoragePanel } from '../storage/useStoragePanel.tsx';
import { useActions } from '../store/context.tsx';

/** What goes for the whole catalogue. @param onReload opens it again, as it is now */
export function CatalogueMenu({ onReload }: { onReload(): void }) {
  const { askAccess } = useActions();
  const [openStorage, storagePanel] = useStoragePanel();
  return (
    <>
      <Menu>
        <Menu.Target>
          <ActionIcon aria-label="More" title="More">
            <IconDotsVertical size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => void navigator.clipboard.writeText(location.href)}>Copy link</Menu.Item>
          <Menu.Item onClick={onReload}>Look for a newer version</Menu.Item>
          <Menu.Divider />
          <Menu.Item onClick={() => askAccess('')}>Keys and tokens…</Menu.Item>
          <Menu.Item onClick={openStorage}>Stored data…</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {storagePanel}
    </>
  );
}
