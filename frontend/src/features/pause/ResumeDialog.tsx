import { Button } from '@mantine/core';
import { type FormEvent, useState } from 'react';

import { Dialog } from '@/components/Dialog';
import { Failure } from '@/components/Failure';
import { PauseWords } from '@/components/PauseWords';
import type { Pause, PausableTask } from '@/lib/pause';
import { text } from '@/lib/text';

import { type Missed, useResumeTasks } from './api/use-pausing';

const words = text.page.pause;
const CHOICES = Object.entries(words.missedChoices) as [Missed, string][];

interface Props {
  task: PausableTask;
  pause: Pause;
  onClose: () => void;
}

export function ResumeDialog({ task, pause, onClose }: Props) {
  const resuming = useResumeTasks();
  const [missed, setMissed] = useState<Missed>('skip');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!resuming.isPending) resuming.mutate({ ...pause, missed }, { onSuccess: onClose });
  };
  return (
    <Dialog title={words.resumeOf(task.title)} onClose={onClose}>
      <form onSubmit={submit} className="stack">
        <p>
          <PauseWords pause={pause} />
        </p>
        <p className="dim">{endsWords(pause)}</p>
        <fieldset className="choices">
          <legend>{words.missed}</legend>
          {CHOICES.map(([value, label]) => (
            <label key={value}>
              <input
                type="radio"
                name="missed"
                value={value}
                checked={missed === value}
                onChange={() => setMissed(value)}
              />
              {label}
            </label>
          ))}
        </fieldset>
        {resuming.error && <Failure error={resuming.error} />}
        <div className="row spread">
          <Button size="xs" variant="default" onClick={onClose}>
            {text.actions.close}
          </Button>
          <Button size="xs" type="submit" loading={resuming.isPending}>
            {words.end}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function endsWords({ scope, target }: Pause): string {
  return scope === 'category' ? words.ends.category(target) : words.ends[scope];
}
