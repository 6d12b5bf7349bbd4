import { Empty } from '@/components/Loading';
import { Loaded } from '@/components/Loaded';
import { PageHeader } from '@/components/PageHeader';
import { useFilters } from '@/lib/address';
import { text } from '@/lib/text';

import { useStatus } from './api/use-status';
import { TaskFilters } from './components/TaskFilters';
import { TaskTable } from './components/TaskTable';
import { VerdictPanel } from './components/VerdictPanel';
import { matching, readFilters } from './filters';
import type { Status } from './model';

export function TasksPage() {
  const query = useStatus();
  return (
    <div className="stack">
      <PageHeader title={text.nav.tasks} />
      <Loaded query={query} rows={12}>
        {(status) => <Overview status={status} />}
      </Loaded>
    </div>
  );
}

function Overview({ status }: { status: Status }) {
  const [params] = useFilters();
  const tasks = matching(status.tasks, readFilters(params));
  const categories = [...new Set(status.tasks.map(({ category }) => category))];
  return (
    <>
      <VerdictPanel status={status} />
      <TaskFilters categories={categories} />
      <div className="visually-hidden" role="status">
        {text.page.tasks.shown(tasks.length)}
      </div>
      {tasks.length > 0 ? <TaskTable tasks={tasks} /> : <Empty>{text.page.tasks.noMatch}</Empty>}
    </>
  );
}
