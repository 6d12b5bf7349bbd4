import { NativeSelect, TextInput } from '@mantine/core';

import { FilterChips } from '@/components/FilterChips';
import { useFilters } from '@/lib/address';

import { FILTER_NAMES } from '../filters';
import { actionWords } from '../model';
import styles from '../audit.module.css';

const ACTIONS = [
  'TASK_EXECUTION_STARTED',
  'TASK_EXECUTION_COMPLETED',
  'TASK_EXECUTION_FAILED',
  'TASK_EXECUTION_CANCELLED',
  'API_TOKEN_CREATED',
  'API_TOKEN_REVOKED',
];

const TEXTS = [
  ['actor', 'Who', 'user:name'],
  ['task', 'Task', 'Any spelling'],
  ['task_id', 'Run', 'Its id'],
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
          label="What"
          value={filters.get('action') ?? ''}
          onChange={set('action')}
          data={[
            { value: '', label: 'Everything' },
            ...ACTIONS.map((value) => ({ value, label: actionWords(value) })),
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
          label="From"
          value={filters.get('from') ?? ''}
          onChange={set('from')}
        />
        <TextInput size="xs" type="date" label="To" value={filters.get('to') ?? ''} onChange={set('to')} />
      </div>
      <FilterChips
        names={FILTER_NAMES}
        say={(name, value) =>
          name === 'action' ? actionWords(value) : `${name.replace('task_id', 'run')} ${value}`
        }
      />
    </search>
  );
}
