import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** All of axe's rules in light colours; in dark ones, those that colours can break: the rest was asked in light. */
export function axe(page: Page, scheme: 'light' | 'dark'): AxeBuilder {
  const builder = new AxeBuilder({ page });
  return scheme === 'light' ? builder : builder.withRules(['color-contrast', 'link-in-text-block']);
}
