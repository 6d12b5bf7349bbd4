import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';

import { download } from '@/lib/download';
import { formatCount } from '@/lib/text';

import { collect } from '../api/export-audit';
import { asCsv } from '../csv';
import type { AuditFilters } from '../filters';
import type { WireEntry } from '../model';

const FORMATS = {
  CSV: { extension: 'csv', type: 'text/csv', write: asCsv },
  JSON: {
    extension: 'json',
    type: 'application/json',
    write: (entries: WireEntry[]) => JSON.stringify(entries, null, 2),
  },
};

export function ExportButtons({ filters }: { filters: AuditFilters }) {
  const save = useMutation({
    mutationFn: async (format: keyof typeof FORMATS) => {
      const { entries, complete } = await collect(filters);
      const { extension, type, write } = FORMATS[format];
      download(`audit.${extension}`, write(entries), type);
      return { count: entries.length, complete };
    },
  });
  return (
    <>
      <span className="dim small" role="status">
        {save.error && save.error.message}
        {save.data && said(save.data)}
      </span>
      {(Object.keys(FORMATS) as (keyof typeof FORMATS)[]).map((format) => (
        <Button
          key={format}
          size="xs"
          variant="default"
          loading={save.isPending && save.variables === format}
          onClick={() => save.mutate(format)}
        >
          Export {format}
        </Button>
      ))}
    </>
  );
}

function said({ count, complete }: { count: number; complete: boolean }): string {
  return `${formatCount(count)} entries saved${complete ? '' : '; there are more, narrow the filters to get them'}`;
}
