import { lazy, Suspense, useEffect } from 'react';
import { Route, Switch, useLocation } from 'wouter';

import { Loading } from '@/components/Loading';
import { TasksPage } from '@/features/tasks/TasksPage';

import { ErrorBoundary } from './ErrorBoundary';
import { NotFound } from './NotFound';

const RunPage = lazy(() => import('@/features/run/RunPage').then(({ RunPage }) => ({ default: RunPage })));
const RunsPage = lazy(() =>
  import('@/features/runs/RunsPage').then(({ RunsPage }) => ({ default: RunsPage })),
);
const TaskPage = lazy(() =>
  import('@/features/task/TaskPage').then(({ TaskPage }) => ({ default: TaskPage })),
);
const WorkersPage = lazy(() =>
  import('@/features/workers/WorkersPage').then(({ WorkersPage }) => ({ default: WorkersPage })),
);
const AuditPage = lazy(() =>
  import('@/features/audit/AuditPage').then(({ AuditPage }) => ({ default: AuditPage })),
);
const TimelinePage = lazy(() =>
  import('@/features/timeline/TimelinePage').then(({ TimelinePage }) => ({ default: TimelinePage })),
);

export function Pages() {
  const [path] = useLocation();
  useEffect(() => {
    // In braces: newer browsers return a promise, which React would take for a clean-up.
    window.scrollTo(0, 0);
  }, [path]);
  return (
    // A fault is one page's: the next page begins without it.
    <ErrorBoundary key={path}>
      <Suspense fallback={<Loading />}>
        <Switch>
          <Route path="/" component={TasksPage} />
          <Route path="/tasks/:name">
            {({ name }) => <TaskPage key={name} name={decodeURIComponent(name)} />}
          </Route>
          <Route path="/runs" component={RunsPage} />
          <Route path="/runs/:id">{({ id }) => <RunPage key={id} id={decodeURIComponent(id)} />}</Route>
          <Route path="/timeline" component={TimelinePage} />
          <Route path="/workers" component={WorkersPage} />
          <Route path="/audit" component={AuditPage} />
          <Route component={NotFound} />
        </Switch>
      </Suspense>
    </ErrorBoundary>
  );
}
