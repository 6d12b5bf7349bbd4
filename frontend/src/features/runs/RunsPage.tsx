import { FarRows } from '@/components/FarRows';
import { Loaded } from '@/components/Loaded';
import { Empty } from '@/components/Loading';
import { MoreOnScroll } from '@/components/MoreOnScroll';
import { PageHeader } from '@/components/PageHeader';
import { RunRow, RunTable } from '@/components/RunTable';
import { useFilters } from '@/lib/address';
import { text } from '@/lib/text';

import { useRuns } from './api/use-runs';
import { RunFilterBar } from './components/RunFilterBar';
import { readFilters } from './filters';
import styles from './runs.module.css';

export function RunsPage() {
  const [params] = useFilters();
  const query = useRuns(readFilters(params));
  const more = {
    hasMore: query.hasNextPage,
    loading: query.isFetchingNextPage,
    onMore: () => void query.fetchNextPage(),
  };
  return (
    <div className="stack">
      <PageHeader title={text.nav.runs} />
      <RunFilterBar />
      <Loaded query={query} rows={12}>
        {(pages) =>
          pages[0]?.length === 0 ? (
            <Empty>{text.page.runs.noMatch}</Empty>
          ) : (
            <div className={`panel ${styles.table}`}>
              <RunTable caption={text.page.runs.caption}>
                {pages.map((runs, page) => (
                  <FarRows key={page}>{() => runs.map((run) => <RunRow key={run.id} run={run} />)}</FarRows>
                ))}
              </RunTable>
            </div>
          )
        }
      </Loaded>
      <MoreOnScroll {...more} />
    </div>
  );
}
