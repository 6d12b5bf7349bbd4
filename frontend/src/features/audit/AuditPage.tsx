import { FarRows } from '@/components/FarRows';
import { Loaded } from '@/components/Loaded';
import { Empty } from '@/components/Loading';
import { MoreOnScroll } from '@/components/MoreOnScroll';
import { Notice } from '@/components/Notice';
import { PageHeader } from '@/components/PageHeader';
import { useFilters } from '@/lib/address';
import { may } from '@/lib/config';
import { text } from '@/lib/text';

import { useAudit } from './api/use-audit';
import styles from './audit.module.css';
import { AuditFilterBar } from './components/AuditFilterBar';
import { AuditRow, AuditTable } from './components/AuditTable';
import { ExportButtons } from './components/ExportButtons';
import { readFilters } from './filters';

export function AuditPage() {
  const [params] = useFilters();
  const filters = readFilters(params);
  if (!may('view_auditentry'))
    return (
      <div className="stack">
        <PageHeader title={text.nav.audit} />
        <Notice tone="neutral">{text.blocked.noAudit}</Notice>
      </div>
    );
  return (
    <div className="stack">
      <PageHeader title={text.nav.audit} actions={<ExportButtons filters={filters} />} />
      <AuditFilterBar />
      <Entries filters={filters} />
    </div>
  );
}

function Entries({ filters }: { filters: ReturnType<typeof readFilters> }) {
  const query = useAudit(filters);
  return (
    <>
      <Loaded query={query} rows={12}>
        {(pages) =>
          pages[0]?.length === 0 ? (
            <Empty>{text.page.audit.noMatch}</Empty>
          ) : (
            <div className={`panel ${styles.table}`}>
              <AuditTable>
                {pages.map((entries, page) => (
                  <FarRows key={page}>
                    {() => entries.map((entry) => <AuditRow key={entry.id} entry={entry} />)}
                  </FarRows>
                ))}
              </AuditTable>
            </div>
          )
        }
      </Loaded>
      <MoreOnScroll
        hasMore={query.hasNextPage}
        loading={query.isFetchingNextPage}
        onMore={() => void query.fetchNextPage()}
      />
    </>
  );
}
