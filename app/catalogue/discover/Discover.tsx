import type { TaskProps } from '../context.ts';

export default function Discover({ catalogue }: TaskProps) {
  return <p>{catalogue.manifest.families.length} families of datasets</p>;
}
