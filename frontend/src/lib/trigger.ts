import { createContext, useContext } from 'react';

export interface TriggerRequest {
  taskName: string;
  title: string;
  /** The parameters to start from instead of the defaults. */
  params?: Record<string, unknown>;
  dryRun?: boolean;
}

/** Opens the dialog that runs a task. Pages do not know the dialog; the app puts it here. */
export const Trigger = createContext<(request: TriggerRequest) => void>(() => undefined);

export function useTrigger() {
  return useContext(Trigger);
}
