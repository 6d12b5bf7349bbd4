import { Modal } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';

interface Props {
  title: string;
  onClose: () => void;
  children: ReactNode;
  size?: string;
}

/** A dialog. Mantine would hold the page with a <style> element, which the policy refuses; a class does it. */
export function Dialog({ title, onClose, children, size = 'md' }: Props) {
  useEffect(() => {
    document.documentElement.classList.add('held');
    return () => document.documentElement.classList.remove('held');
  }, []);
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={size}
      lockScroll={false}
      transitionProps={{ duration: 0 }}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {children}
    </Modal>
  );
}
