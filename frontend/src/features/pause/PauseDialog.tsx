import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';

import { Dialog } from '@/components/Dialog';
import { Failure } from '@/components/Failure';
import { ProblemError } from '@/lib/api/problem';
import type { Pause, PausableTask } from '@/lib/pause';
import { text } from '@/lib/text';

import { type PauseOrder, usePauseTasks } from './api/use-pausing';

const words = text.page.pause;

interface Props {
  task: PausableTask;
  onClose: () => void;
}

export function PauseDialog({ task, onClose }: Props) {
  const pausing = usePauseTasks();
  const [entered, setEntered] = useState({ scope: 'task' as Pause['scope'], reason: '', until: '' });
  const [errors, setErrors] = useState<Record<string, string>>({});
  const set = (name: keyof typeof entered) => (event: { currentTarget: { value: string } }) =>
    setEntered({ ...entered, [name]: event.currentTarget.value });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found = wrong(entered);
    setErrors(found);
    if (Object.keys(found).length > 0 || pausing.isPending) return;
    pausing.mutate(orderOf(entered, task), {
      onSuccess: onClose,
      onError: (error) => setErrors(fieldErrors(error)),
    });
  };
  return (
    <Dialog title={words.pauseOf(task.title)} onClose={onClose}>
      <form noValidate onSubmit={submit} className="stack">
        <p className="dim">{words.explain}</p>
        <NativeSelect
          label={words.what}
          value={entered.scope}
          onChange={set('scope')}
          data={[
            { value: 'task', label: words.targets.task },
            { value: 'category', label: words.targets.category(task.category) },
            { value: 'all', label: words.targets.all },
          ]}
        />
        <Textarea
          label={text.reason.label}
          description={words.reasonHint}
          withAsterisk
          aria-required
          rows={2}
          maxLength={2000}
          value={entered.reason}
          error={errors.reason}
          onChange={set('reason')}
        />
        <TextInput
          type="datetime-local"
          label={words.untilLabel}
          description={words.untilHint}
          value={entered.until}
          error={errors.until}
          onChange={set('until')}
        />
        {pausing.error && <Failure error={pausing.error} />}
        <div className="row spread">
          <Button size="xs" variant="default" onClick={onClose}>
            {text.actions.close}
          </Button>
          <Button size="xs" type="submit" loading={pausing.isPending}>
            {words.start}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function wrong({ reason, until }: { reason: string; until: string }): Record<string, string> {
  const found: Record<string, string> = {};
  if (reason.trim() === '') found.reason = words.reasonNeeded;
  if (until && !(new Date(until).getTime() > Date.now())) found.until = words.untilPast;
  return found;
}

function orderOf(
  { scope, reason, until }: { scope: Pause['scope']; reason: string; until: string },
  task: PausableTask,
): PauseOrder {
  const target = { task: task.name, category: task.category, all: '' }[scope];
  return { scope, target, reason, until: until ? new Date(until).toISOString() : null };
}

function fieldErrors(error: Error): Record<string, string> {
  return error instanceof ProblemError ? error.fieldErrors : {};
}
