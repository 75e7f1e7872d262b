/** The icons of the components, drawn on a grid of 16 by 16. */

import type { ReactNode } from 'react';

const PATHS = {
  bold: 'M4.5 2.5h4a2.75 2.75 0 0 1 0 5.5h-4zM4.5 8h4.75a2.75 2.75 0 0 1 0 5.5H4.5z',
  italic: 'M6.5 2.5h5M4.5 13.5h5M9.5 2.5l-3 11',
  code: 'M5 4.5 1.5 8 5 11.5M11 4.5 14.5 8 11 11.5',
  codeBlock: 'M2 2.5h12v11H2zM6.5 6 4.5 8l2 2M9.5 6l2 2-2 2',
  link: 'M6.5 9.5l3-3M7 4.5l1-1a3.2 3.2 0 0 1 4.5 4.5l-1 1M9 11.5l-1 1A3.2 3.2 0 0 1 3.500 8l1-1',
  list: 'M6 4h8M6 8h8M6 12h8M2.500 4h.01M2.500 8h.01M2.500 12h.01',
  numbers: 'M7 4h7M7 8h7M7 12h7M2 3l1-.5V6M1.800 10h1.700L2 12.500h1.700',
  quote: 'M3 3v10M6.500 5h7M6.500 8h7M6.500 11h4',
  upload: 'M8 10.500V2.500M5 5.500l3-3 3 3M2.500 10.500v3h11v-3',
  file: 'M4 1.500h5l3.500 3.500v9.500H4zM9 1.500V5h3.500',
  download: 'M8 2.500v8M5 7.500l3 3 3-3M2.500 13.500h11',
  close: 'M4 4l8 8M12 4l-8 8',
  search: 'M7 12a5 5 0 1 0 0-10 5 5 0 0 0 0 10zM11 11l3.500 3.500',
  check: 'M3 8.500l3.500 3.500L13 4.500',
  warning: 'M8 2 1.500 13.500h13zM8 6.500V9.500M8 11.500h.01',
  offline: 'M2 2l12 12M1.500 6a9 9 0 0 1 4-2M14.500 6A9 9 0 0 0 8 3.500M4 9a5.500 5.500 0 0 1 3-1.500M8 12.500h.01',
  comment: 'M2 2.500h12v8.500H7.500L4.500 13.500V11H2z',
  history: 'M2.500 8a5.500 5.500 0 1 0 2-4.200M2.500 2v3h3M8 5v3.500l2.500 1.500',
  up: 'M8 12.500v-9M4.500 7 8 3.500 11.500 7',
  down: 'M8 3.500v9M4.500 9 8 12.500 11.500 9',
  chevron: 'M6 3.500 10.500 8 6 12.500',
  critical: 'M8 13.500v-6M5 10 8 7l3 3M5 5.500l3-3 3 3',
  medium: 'M3 6h10M3 10h10',
} as const;

export type IconName = keyof typeof PATHS;

/** An icon beside a text, or in a button with a label of its own. */
export function Icon({ name }: { name: IconName }): ReactNode {
  return (
    <svg
      className="tk-icon"
      viewBox="0 0 16 16"
      width="16"
      height="16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
