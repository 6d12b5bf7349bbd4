import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import { download } from '@/lib/download';
import { text } from '@/lib/text';

import { collect } from '../api/export-audit';
import { asCsv } from '../csv';
import type { AuditFilters } from '../filters';
import type { WireEntry } from '../model';

const words = text.page.audit;

const FORMATS = {
  CSV: { extension: 'csv', type: 'text/csv', write: asCsv },
  JSON: {
    extension: 'json',
    type: 'application/json',
    write: (entries: WireEntry[]) => JSON.stringify(entries, null, 2),
  },
};

export function ExportButtons({ filters }: { filters: AuditFilters }) {
  const [read, setRead] = useState(0);
  const save = useMutation({
    mutationFn: async (format: keyof typeof FORMATS) => {
      setRead(0);
      const { entries, complete } = await collect(filters, setRead);
      const { extension, type, write } = FORMATS[format];
      download(`audit.${extension}`, write(entries), type);
      return { count: entries.length, complete };
    },
  });
  return (
    <>
      <span className="dim small" role="status">
        {save.error && save.error.message}
        {save.isPending && read > 0 && words.exporting(read)}
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
          {words.export(format)}
        </Button>
      ))}
    </>
  );
}

function said({ count, complete }: { count: number; complete: boolean }): string {
  return complete ? words.exported(count) : words.exportCut(count);
}
