import { createTheme, type MantineColorsTuple } from '@mantine/core';

/** The one accent: the blue of the first data colour, dark enough to read on white. */
const ACCENT: MantineColorsTuple = [
  '#eaf3fc',
  '#d3e4f6',
  '#a6c9ed',
  '#76ace4',
  '#5497de',
  '#3f90da',
  '#2f7cc4',
  '#1c64a9',
  '#175592',
  '#0d3f70',
];

/** The greys of the dark page, so that Mantine's surfaces match the app's own. */
const DARK: MantineColorsTuple = [
  '#e6eaee',
  '#c3cad1',
  '#aeb7c1',
  '#929ca7',
  '#3a424b',
  '#2f363e',
  '#20262c',
  '#171b1f',
  '#131619',
  '#0f1215',
];

/** Small, square and quiet. */
export const theme = createTheme({
  colors: { accent: ACCENT, dark: DARK },
  primaryColor: 'accent',
  primaryShade: 7,
  autoContrast: true,
  defaultRadius: 3,
  cursorType: 'pointer',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  components: {
    Button: { defaultProps: { size: 'xs' } },
    ActionIcon: { defaultProps: { size: 26, variant: 'subtle', color: 'gray' } },
    TextInput: { defaultProps: { size: 'xs' } },
    Checkbox: { defaultProps: { size: 'xs' } },
    Menu: { defaultProps: { shadow: 'md', position: 'bottom-end', withinPortal: true } },
  },
});
