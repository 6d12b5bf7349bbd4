import { Button, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';

import { Dialog } from '@/components/Dialog';
import { Failure } from '@/components/Failure';
import { text } from '@/lib/text';

import styles from '../run.module.css';

interface Props {
  title: string;
  explanation: string;
  action: string;
  pending: boolean;
  error: Error | null;
  onConfirm: (reason: string) => void;
  onClose: () => void;
}

/** Says what will happen, and asks why. */
export function ReasonDialog({ title, explanation, action, pending, error, onConfirm, onClose }: Props) {
  const [reason, setReason] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!pending) onConfirm(reason);
  };
  return (
    <Dialog title={title} onClose={onClose} size="sm">
      <form onSubmit={submit} className={styles.dialog}>
        <p>{explanation}</p>
        <Textarea
          label={text.reason.label}
          description={text.reason.hint}
          rows={2}
          maxLength={2000}
          value={reason}
          onChange={({ currentTarget }) => setReason(currentTarget.value)}
        />
        {error && <Failure error={error} />}
        <div className="row spread">
          <Button size="xs" variant="default" onClick={onClose}>
            {text.actions.close}
          </Button>
          <Button size="xs" type="submit" loading={pending}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
