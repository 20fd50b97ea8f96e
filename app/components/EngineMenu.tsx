import { Menu } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { GpuStatus } from '../../workers/session.ts';
import { sentence } from '../sentence.ts';
import { useActions, useExplorer } from '../store/context.tsx';
import { ENGINES, type EngineChoice } from '../store/engineChoice.ts';
import styles from './StatusBar.module.css';

/** Which engine is to run the document, what there is of a GPU, and why it did not make what is shown. */
export default function EngineMenu({ label }: { label: string }) {
  const { setEngine } = useActions();
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // The button that asked for the menu is gone: the focus has to come back to this one.
    button.current?.focus();
    setOpen(true);
  }, []);
  const choice = useExplorer((s) => s.engine.choice);
  const gpu = useExplorer((s) => s.stats?.gpu);
  const note = useExplorer((s) => s.result?.engineNote);
  const about: Record<EngineChoice, string> = {
    auto: 'whichever is faster here',
    gpu: gpu ? nameOf(gpu) : 'asked for when it is needed',
    wasm: 'on all cores',
  };
  return (
    <Menu opened={open} onChange={setOpen} position="top-end" width={320}>
      <Menu.Target>
        <button ref={button} type="button" className={styles.link} aria-label={`Engine: ${label}`}>
          {label}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Engine</Menu.Label>
        <Menu.RadioGroup value={choice} onChange={(value) => setEngine(value as EngineChoice)}>
          {(Object.keys(about) as EngineChoice[]).map((key) => (
            <Menu.RadioItem key={key} value={key} checkIcon={<IconCheck size={14} />}>
              {ENGINES[key]} <span className={styles.about}>{about[key]}</span>
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        {note !== undefined && (
          <>
            <Menu.Divider />
            <Menu.Label className={styles.why}>
              {choice === 'auto' ? 'Not on the GPU: ' : ''}
              {choice === 'auto' ? note : sentence(note)}
            </Menu.Label>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function nameOf(gpu: GpuStatus): string {
  if ('refused' in gpu) return gpu.refused;
  const name = gpu.description || [gpu.vendor, gpu.architecture].filter(Boolean).join(' ') || 'a GPU without a name';
  return gpu.isSoftware ? `${name} (software)` : name;
}
