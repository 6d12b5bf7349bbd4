import { Button, NativeSelect, TextInput } from '@mantine/core';

import { useFilters } from '@/lib/address';
import { text } from '@/lib/text';

import { readFilters } from '../filters';
import styles from '../tasks.module.css';

const words = text.page.tasks;
const states = Object.entries(words.states).map(([value, label]) => ({ value, label }));

export function TaskFilters({ categories }: { categories: string[] }) {
  const [params, change] = useFilters();
  const filters = readFilters(params);
  return (
    <search className={styles.filters}>
      <TextInput
        type="search"
        size="xs"
        label={words.search}
        placeholder={words.searchHint}
        value={filters.search}
        onChange={({ currentTarget }) => change({ search: currentTarget.value })}
      />
      <NativeSelect
        size="xs"
        label={words.category}
        value={filters.category}
        onChange={({ currentTarget }) => change({ category: currentTarget.value })}
        data={[{ value: '', label: words.allCategories }, ...categories]}
      />
      <NativeSelect
        size="xs"
        label={words.state}
        value={filters.state}
        onChange={({ currentTarget }) => change({ state: currentTarget.value })}
        data={[{ value: '', label: words.allStates }, ...states]}
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
