import { Button, Checkbox, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';

import { Notice } from '@/components/Notice';
import { useBlocked } from '@/lib/blocked';
import { ProblemError } from '@/lib/api/problem';
import { text } from '@/lib/text';
import type { TriggerRequest } from '@/lib/trigger';

import { useTriggerTask } from '../api/use-trigger-task';
import { newKey } from '@/lib/idempotency';
import type { Field } from '../schema';
import styles from '../trigger.module.css';
import { initialValues, parseValues } from '../values';
import { ParamField } from './ParamField';
import { Refusal } from './Refusal';
import { WhatElseRuns } from './WhatElseRuns';

export interface TaskForm {
  description: string;
  queue: string;
  rehearsal: boolean;
  overlap: string;
  fields: Field[] | null;
}

interface Props {
  request: TriggerRequest;
  task: TaskForm;
  onClose: () => void;
  onTriggered: (runId: string) => void;
}

const words = text.page.trigger;

/** Where the parameters are not declared, the whole object is one field. */
const ANYTHING: Field[] = [
  {
    name: 'params',
    label: words.parameters,
    help: words.undeclared,
    kind: 'json',
    required: false,
    nullable: false,
    initial: null,
    options: [],
  },
];

export function TriggerForm({ request, task, onClose, onTriggered }: Props) {
  const blocked = useBlocked(request.taskName);
  const form = useTriggerForm(request, task, onTriggered);
  return (
    // Checked by us and by the server: the browser's own bubbles cannot be read by all.
    <form noValidate onSubmit={form.submit} className={styles.form}>
      <p className="dim">{task.description}</p>
      {form.fields.map((field) => (
        <ParamField
          key={field.name}
          field={field}
          value={form.values[field.name] ?? ''}
          error={form.errors[field.name]}
          onChange={(value) => form.set(field.name, value)}
        />
      ))}
      {task.rehearsal && (
        <Checkbox
          label={text.dryRun}
          description={words.dryRunHint}
          checked={form.dryRun}
          onChange={({ currentTarget }) => form.setDryRun(currentTarget.checked)}
        />
      )}
      <Textarea
        label={text.reason.label}
        description={text.reason.hint}
        rows={2}
        maxLength={2000}
        value={form.reason}
        error={form.errors.reason}
        onChange={({ currentTarget }) => form.setReason(currentTarget.value)}
      />
      {blocked && <Notice tone="partial">{blocked}</Notice>}
      <WhatElseRuns taskName={request.taskName} overlap={task.overlap} />
      <Refusal error={form.error} fields={form.fields} />
      <div className={styles.foot}>
        <Button variant="default" size="xs" onClick={onClose}>
          {text.actions.close}
        </Button>
        <Button type="submit" size="xs" loading={form.sending}>
          {form.dryRun ? words.startDryRun : blocked ? text.actions.queue : text.actions.run}
        </Button>
      </div>
    </form>
  );
}

function useTriggerForm(request: TriggerRequest, task: TaskForm, onTriggered: Props['onTriggered']) {
  const fields = task.fields ?? ANYTHING;
  const given = task.fields ? request.params : { params: request.params };
  const [values, setValues] = useState(() => initialValues(fields, given));
  const [dryRun, setDryRun] = useState(request.dryRun ?? false);
  const [reason, setReason] = useState('');
  const [errors, setErrors] = useState<Record<string, string>>({});
  // One key an opening: however often the button is pressed, there is one run.
  const [key, setKey] = useState(newKey);
  const trigger = useTriggerTask(onTriggered);

  const order = (params: Record<string, unknown>) =>
    trigger.mutate(
      {
        taskName: request.taskName,
        params: task.fields ? params : ((params.params ?? {}) as typeof params),
        dryRun,
        reason,
        key,
      },
      { onError: refused },
    );
  /** A refused request made no run; what is sent after it is a new one. */
  const refused = (error: Error) => {
    if (!(error instanceof ProblemError) || error.status >= 500) return;
    setKey(newKey());
    setErrors(error.fieldErrors);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (trigger.isPending || trigger.isSuccess) return;
    const parsed = parseValues(fields, values);
    setErrors(parsed.errors);
    if (Object.keys(parsed.errors).length === 0) order(parsed.params);
  };
  const set = (name: string, value: string | boolean) =>
    setValues((before) => ({ ...before, [name]: value }));
  const { error } = trigger;
  return {
    fields,
    values,
    set,
    dryRun,
    setDryRun,
    reason,
    setReason,
    errors,
    error,
    submit,
    sending: trigger.isPending,
  };
}
