import type { PausableTask } from '@/lib/pause';

import { PauseDialog } from './PauseDialog';
import { ResumeDialog } from './ResumeDialog';

/** Pauses a task, or ends what holds it back. */
export function PausingDialog({ task, onClose }: { task: PausableTask; onClose: () => void }) {
  if (task.pause === null) return <PauseDialog task={task} onClose={onClose} />;
  return <ResumeDialog task={task} pause={task.pause} onClose={onClose} />;
}
