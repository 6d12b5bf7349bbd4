import { Loaded } from '@/components/Loaded';
import { PageHeader } from '@/components/PageHeader';
import { text } from '@/lib/text';

import { useLanes } from './api/use-lanes';
import { Chart } from './components/Chart';

export function TimelinePage() {
  const query = useLanes();
  return (
    <div className="stack">
      <PageHeader title={text.nav.timeline} />
      <Loaded query={query} rows={10}>
        {(lanes) => <Chart lanes={lanes} />}
      </Loaded>
    </div>
  );
}
