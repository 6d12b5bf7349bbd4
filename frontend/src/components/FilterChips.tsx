import { CloseButton } from '@mantine/core';

import { useFilters } from '@/lib/address';
import { text } from '@/lib/text';

import styles from './components.module.css';

/** The filters that are on, as the address has them; each can be taken off by itself. */
export function FilterChips({
  names,
  say,
}: {
  names: string[];
  say?: (name: string, value: string) => string;
}) {
  const [filters, change] = useFilters();
  const on = names.flatMap((name) => filters.getAll(name).map((value) => ({ name, value })));
  if (on.length === 0) return null;
  const without = ({ name, value }: { name: string; value: string }) =>
    change({ [name]: filters.getAll(name).filter((other) => other !== value) });
  return (
    <ul className={styles.filterChips} aria-label={text.filters.on}>
      {on.map((filter) => {
        const words = say?.(filter.name, filter.value) ?? `${filter.name}: ${filter.value}`;
        return (
          <li key={`${filter.name} ${filter.value}`}>
            {words}
            <CloseButton size="xs" aria-label={text.filters.remove(words)} onClick={() => without(filter)} />
          </li>
        );
      })}
      <li className={styles.clear}>
        <button type="button" onClick={() => change(Object.fromEntries(names.map((name) => [name, null])))}>
          {text.actions.clear}
        </button>
      </li>
    </ul>
  );
}
