/** Status and priority as words with a colour and, for the priority, an icon. */

import type { ReactNode } from 'react';

import type { Priority, Status } from './client/centcom.js';
import { Icon, type IconName } from './icons.js';
import { PRIORITY_LABELS, STATUS_LABELS } from './labels.js';

const PRIORITY_ICONS: Record<Priority, IconName> = {
  critical: 'critical',
  high: 'up',
  medium: 'medium',
  low: 'down',
};

/** The status of a ticket as a colored label. */
export function StatusBadge({ status }: { status: Status }): ReactNode {
  return (
    <span className="tk-badge" data-status={status}>
      {STATUS_LABELS[status]}
    </span>
  );
}

/** The priority of a ticket as an icon and a label. */
export function PriorityBadge({ priority }: { priority: Priority }): ReactNode {
  return (
    <span className="tk-priority" data-priority={priority}>
      <Icon name={PRIORITY_ICONS[priority]} />
      {PRIORITY_LABELS[priority]}
    </span>
  );
}
