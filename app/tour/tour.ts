/** The tour: three steps over the page, in words that need no physics. Loaded when it is taken. */
import { type DriveStep, driver } from 'driver.js';
import 'driver.js/dist/driver.css';
import './tour.css';

/** What a step points at: the first of these that can be seen. */
const STEPS: { at: string[]; title: string; text: string }[] = [
  {
    at: ['#plots article'],
    title: 'What a plot shows',
    text:
      'The page has gone through the collisions one by one and counted. Along the bottom stands a value, upwards how often it ' +
      'occurred. Where many agree there is a peak: often a particle that fell apart before anybody could see it.',
  },
  {
    at: ['section[aria-label="Sliders"]', '[data-pane="cuts"]', '.tabs [data-name="cuts"]'],
    title: 'You decide which collisions count',
    text:
      'A cut keeps the collisions for which something is true. Move the slider, or switch a cut off: everything is counted ' +
      'again, here on your machine, and the plots follow.',
  },
  {
    at: ['[data-tour="share"]'],
    title: 'The link holds it all',
    text:
      'What you see stands in the address of this page. Share it: whoever opens the link gets the same plots, counted anew, ' +
      'and can go on from there.',
  },
];

/** Takes the tour. Esc and a click beside it end it. @param onEnd called once, however it ends */
export function takeTour(onEnd: () => void): void {
  const before = document.activeElement;
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    // It ends the tour and cancels no run.
    event.stopImmediatePropagation();
    tour.destroy();
  };
  const steps = STEPS.flatMap(({ at, title, text }): DriveStep[] => {
    const element = at.flatMap((selector) => [...document.querySelectorAll(selector)]).find(isShown);
    return element ? [{ element, popover: { title, description: text } }] : [];
  });
  const tour = driver({
    steps,
    animate: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    duration: 250,
    // The arrow keys belong to the slider that a step shows.
    allowKeyboardControl: false,
    showProgress: true,
    progressText: '{{current}} of {{total}}',
    nextBtnText: 'Next',
    prevBtnText: 'Back',
    doneBtnText: 'Done',
    overlayOpacity: 0.45,
    stagePadding: 4,
    stageRadius: 4,
    popoverClass: 'tour',
    onPopoverRender({ title, footer }) {
      // The library's element would be the head of the page.
      title.setAttribute('role', 'presentation');
      const heading = document.createElement('h2');
      heading.textContent = title.textContent;
      title.replaceChildren(heading);
      footer.setAttribute('role', 'presentation');
    },
    onHighlighted(element) {
      // The library says of the element that it opens a dialog, which only buttons may.
      for (const name of ['aria-haspopup', 'aria-expanded', 'aria-controls']) element?.removeAttribute(name);
      // It gives the focus to the cross; Enter goes on.
      document.querySelector<HTMLElement>('.driver-popover-next-btn')?.focus();
    },
    onDestroyed() {
      window.removeEventListener('keydown', onKey, true);
      if (before instanceof HTMLElement) before.focus();
      onEnd();
    },
  });
  window.addEventListener('keydown', onKey, true);
  tour.drive();
}

function isShown(element: Element): boolean {
  const { width, height } = element.getBoundingClientRect();
  return width > 0 && height > 0;
}
