import { Button, NativeSelect, TextInput } from '@mantine/core';

import { useFilters } from '@/lib/address';
import { text } from '@/lib/text';

import { readFilters, STATE_FILTERS } from '../filters';
import styles from '../tasks.module.css';

const states = Object.entries(STATE_FILTERS).map(([value, { label }]) => ({ value, label }));

export function TaskFilters({ categories }: { categories: string[] }) {
  const [params, change] = useFilters();
  const filters = readFilters(params);
  return (
    <search className={styles.filters}>
      <TextInput
        type="search"
        size="xs"
        label="Search"
        placeholder="Name or words"
        value={filters.search}
        onChange={({ currentTarget }) => change({ search: currentTarget.value })}
      />
      <NativeSelect
        size="xs"
        label="Category"
        value={filters.category}
        onChange={({ currentTarget }) => change({ category: currentTarget.value })}
        data={[{ value: '', label: 'All categories' }, ...categories]}
      />
      <NativeSelect
        size="xs"
        label="State"
        value={filters.state}
        onChange={({ currentTarget }) => change({ state: currentTarget.value })}
        data={[{ value: '', label: 'All states' }, ...states]}
      />
      {params.size > 0 && (
        <Button
          size="xs"
          variant="subtle"
          onClick={() => change({ search: null, category: null, state: null })}
        >
          {text.actions.clear}
        </Button>
      )}
    </search>
  );
}
