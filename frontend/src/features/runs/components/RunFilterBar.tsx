import { NativeSelect, TextInput } from '@mantine/core';

import { FilterChips } from '@/components/FilterChips';
import { useFilters } from '@/lib/address';
import { labelOf, STATES } from '@/lib/states';
import { text } from '@/lib/text';

import { useTaskNames } from '../api/use-task-names';
import { FILTER_NAMES, sayFilter } from '../filters';
import styles from '../runs.module.css';

const words = text.page.runs;
const TRIGGERS = Object.entries(text.triggers).map(([value, label]) => ({ value, label }));

export function RunFilterBar() {
  const [filters, change] = useFilters();
  const { data: tasks = [] } = useTaskNames();
  const set = (name: string) => (event: { currentTarget: { value: string } }) =>
    change({ [name]: event.currentTarget.value });
  const addState = (event: { currentTarget: { value: string } }) =>
    change({ state: [...new Set([...filters.getAll('state'), event.currentTarget.value])] });
  return (
    <search className="stack">
      <div className={styles.filters}>
        <NativeSelect
          size="xs"
          label={words.task}
          value={filters.get('task') ?? ''}
          onChange={set('task')}
          data={[{ value: '', label: words.allTasks }, ...tasks]}
        />
        <NativeSelect
          size="xs"
          label={words.addState}
          value=""
          onChange={addState}
          data={[
            { value: '', label: filters.has('state') ? words.anotherState : words.anyState },
            ...STATES.map((value) => ({ value, label: labelOf(value) })),
          ]}
        />
        <NativeSelect
          size="xs"
          label={words.asked}
          value={filters.get('trigger') ?? ''}
          onChange={set('trigger')}
          data={[{ value: '', label: words.anyWay }, ...TRIGGERS]}
        />
        <ActorInput
          key={filters.get('actor')}
          value={filters.get('actor') ?? ''}
          onCommit={(actor) => change({ actor })}
        />
        <TextInput
          size="xs"
          type="date"
          label={text.filters.from}
          value={filters.get('from') ?? ''}
          onChange={set('from')}
        />
        <TextInput
          size="xs"
          type="date"
          label={text.filters.to}
          value={filters.get('to') ?? ''}
          onChange={set('to')}
        />
      </div>
      <FilterChips names={FILTER_NAMES} say={(name, value) => titleOf(name, value, tasks)} />
    </search>
  );
}

function titleOf(name: string, value: string, tasks: { value: string; label: string }[]): string {
  return name === 'task'
    ? (tasks.find((task) => task.value === value)?.label ?? value)
    : sayFilter(name, value);
}

/** Asked for once it is written, for half a name finds nobody. */
function ActorInput({ value, onCommit }: { value: string; onCommit: (value: string) => void }) {
  return (
    <TextInput
      size="xs"
      label={words.by}
      placeholder={text.filters.actorExample}
      defaultValue={value}
      onBlur={({ currentTarget }) => currentTarget.value !== value && onCommit(currentTarget.value)}
      onKeyDown={({ key, currentTarget }) => key === 'Enter' && onCommit(currentTarget.value)}
    />
  );
}
