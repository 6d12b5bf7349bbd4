import { CloseButton, Modal } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';

import { text } from '@/lib/text';

import styles from './components.module.css';

interface Props {
  title: string;
  onClose: () => void;
  children: ReactNode;
  size?: string;
}

/**
 * A dialog. Mantine would hold the page behind it with a <style> element, which the policy refuses: a class does it. The
 * heading does not stand in Mantine's <header>, as usual: assistive technology would take that for a second banner of the page.
 */
export function Dialog({ title, onClose, children, size = 'md' }: Props) {
  useFocusReturn();
  useEffect(() => {
    document.documentElement.classList.add('held');
    return () => document.documentElement.classList.remove('held');
  }, []);
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      size={size}
      lockScroll={false}
      transitionProps={{ duration: 0 }}
    >
      <div className={styles.dialogHead}>
        <Modal.Title tabIndex={-1} data-autofocus>
          {title}
        </Modal.Title>
        <CloseButton aria-label={text.actions.close} onClick={onClose} />
      </div>
      {children}
    </Modal>
  );
}

/** The focus goes back to what opened the dialog, unless that is gone with its page. Mantine does it only for one that hides. */
function useFocusReturn() {
  const [opener] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    },
    [opener],
  );
}
