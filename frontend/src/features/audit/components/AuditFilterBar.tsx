import { NativeSelect, TextInput } from '@mantine/core';

import { FilterChips } from '@/components/FilterChips';
import { useFilters } from '@/lib/address';
import { text } from '@/lib/text';

import { FILTER_NAMES, sayFilter } from '../filters';
import styles from '../audit.module.css';

const words = text.page.audit;

const TEXTS = [
  ['actor', words.columns.who, text.filters.actorExample],
  ['task', words.task, words.anySpelling],
  ['task_id', words.run, words.itsId],
] as const;

export function AuditFilterBar() {
  const [filters, change] = useFilters();
  const set = (name: string) => (event: { currentTarget: { value: string } }) =>
    change({ [name]: event.currentTarget.value });
  return (
    <search className="stack">
      <div className={styles.filters}>
        <NativeSelect
          size="xs"
          label={words.columns.what}
          value={filters.get('action') ?? ''}
          onChange={set('action')}
          data={[
            { value: '', label: words.everything },
            ...Object.entries(words.actions).map(([value, label]) => ({ value, label })),
          ]}
        />
        {TEXTS.map(([name, label, placeholder]) => (
          <TextInput
            key={`${name} ${filters.get(name)}`}
            size="xs"
            label={label}
            placeholder={placeholder}
            defaultValue={filters.get(name) ?? ''}
            onBlur={({ currentTarget }) => change({ [name]: currentTarget.value.trim() })}
            onKeyDown={({ key, currentTarget }) =>
              key === 'Enter' && change({ [name]: currentTarget.value.trim() })
            }
          />
        ))}
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
      <FilterChips names={FILTER_NAMES} say={sayFilter} />
    </search>
  );
}
